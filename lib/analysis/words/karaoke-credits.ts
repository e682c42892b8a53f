import type { TextEvent } from "./text.ts";

/** What the headers of a karaoke file say of the song. */
export interface KaraokeCredits {
  /** Whether the file has headers of Soft Karaoke ("@K", "@T" ...). */
  readonly hasHeaders: boolean;
  readonly title: string | null;
  readonly artist: string | null;
  /** As written: "ENGL". */
  readonly language: string | null;
}

const TEXT = 1;

/**
 * Soft Karaoke (Tune 1000) gives title and artist by the first and second "@T", the language by "@L". Yamaha's XF gives
 * them in "XFln:language:song name:composer:lyricist:arranger:performer:programmer".
 */
export function karaokeCredits(events: readonly TextEvent[]): KaraokeCredits {
  const texts = events.filter((event) => event.type === TEXT);
  const headers = texts.filter((event) => event.text.startsWith("@"));
  const said = (mark: string) =>
    headers.filter((event) => event.text.startsWith(mark)).map((event) => event.text.slice(mark.length).trim());
  const xf = texts.find((event) => event.text.startsWith("XFln:"))?.text.split(":") ?? [];
  const [title, artist] = said("@T");
  return {
    hasHeaders: headers.length > 0,
    title: title ?? (xf[2]?.trim() || null),
    artist: artist || xf[6]?.trim() || null,
    language: said("@L")[0] || null,
  };
}

import type { TimeMap } from "../../midi/time.ts";
import { round } from "../piece/round.ts";
import type { TextEvent } from "./text.ts";

export interface Lyrics {
  /** "lyric": lyric metas (type 5). "karaoke": text metas of a .kar file (Soft Karaoke: "\" new verse, "/" new line, "@" headers). */
  readonly source: "lyric" | "karaoke";
  /** The words with line breaks, an empty line between verses; cut at 20,000 characters. */
  readonly text: string;
  readonly syllables: number;
  readonly startTick: number;
  readonly startSeconds: number;
  /** Language that a karaoke header names ("@LENGL"). */
  readonly language: string | null;
  readonly capped: boolean;
}

const TEXT = 1;
const LYRIC = 5;
const LONGEST = 20_000;
/** Fewer texts with karaoke marks than this are comments that happen to hold a slash. */
const LEAST_MARKS = 2;

/** The lyrics of the track that has most of them, the titles that karaoke headers give, and that track. Null when nothing is sung. */
export function assembleLyrics(
  events: readonly TextEvent[],
  time: TimeMap,
): { lyrics: Lyrics | null; titles: string[]; track: number } | null {
  const headers = events.filter((e) => e.type === TEXT && e.text.startsWith("@"));
  const titles = headers.filter((e) => e.text.startsWith("@T")).map((e) => e.text.slice(2).trim());
  const words = richest(events, LYRIC, () => true) ?? karaoke(events, headers.length > 0);
  if (words === null) return titles.length > 0 ? { lyrics: null, titles, track: headers[0]!.track } : null;
  const source = words[0]!.type === LYRIC ? "lyric" : "karaoke";
  const sung = source === "lyric" ? verses(words) : [words];
  const text = sung.map((verse) => join(verse.map((e) => e.text))).join("\n\n");
  return {
    titles,
    track: source === "karaoke" ? words[0]!.track : -1,
    lyrics: {
      source,
      text: text.slice(0, LONGEST),
      syllables: words.length,
      startTick: words[0]!.tick,
      startSeconds: round(time.secondsAt(words[0]!.tick), 3),
      language:
        headers
          .find((e) => e.text.startsWith("@L"))
          ?.text.slice(2)
          .trim() || null,
      capped: text.length > LONGEST,
    },
  };
}

function karaoke(events: readonly TextEvent[], hasHeaders: boolean): TextEvent[] | null {
  const sung = richest(events, TEXT, (e) => !e.text.startsWith("@"));
  if (sung === null) return null;
  const marks = sung.filter((e) => /^[\\/]/.test(e.text)).length;
  return marks >= LEAST_MARKS || (hasHeaders && sung.length > 8) ? sung : null;
}

/** The events of a type in the track that has most of them, by tick; null without any. */
function richest(events: readonly TextEvent[], type: number, fits: (e: TextEvent) => boolean): TextEvent[] | null {
  const byTrack = new Map<number, TextEvent[]>();
  for (const event of events) {
    if (event.type !== type || !fits(event)) continue;
    const list = byTrack.get(event.track);
    if (list) list.push(event);
    else byTrack.set(event.track, [event]);
  }
  let most: TextEvent[] | null = null;
  for (const list of byTrack.values()) if (list.length > (most?.length ?? 0)) most = list;
  return most;
}

/** Fewer shared ticks than this are slips. */
const LEAST_SHARED = 4;
const MOST_VERSES = 8;

/**
 * The verses of a song that repeats its music: scores write the syllables of all of them at the tick of the note, the
 * first verse's first. What holds no letter ("1.", a line break) goes with the syllable that follows it.
 */
function verses(words: readonly TextEvent[]): TextEvent[][] {
  const found: TextEvent[][] = [[]];
  let shared = 0;
  let verse = 0;
  for (let i = 0; i < words.length; i++) {
    const last = words[i - 1];
    if (last?.tick !== words[i]!.tick) verse = 0;
    else if (/\p{L}/u.test(last.text) && /\p{L}/u.test(words[i]!.text)) {
      if (verse === 0) shared++;
      verse = Math.min(verse + 1, MOST_VERSES - 1);
    }
    (found[verse] ??= []).push(words[i]!);
  }
  return shared >= LEAST_SHARED ? found : [[...words]];
}

/**
 * Syllables to lines. Where no syllable begins or ends with a space, each is a word unless it ends with a hyphen (RP-017) or
 * in a script that is written without spaces; where some do, hyphens join only when they do so more often than nothing at all.
 */
function join(syllables: readonly string[]): string {
  const spaced = syllables.some((s) => /^[ \t]|[ \t][\r\n]*$/.test(s));
  const hyphens = spaced ? hyphensJoin(syllables) : true;
  let out = "";
  for (const syllable of syllables) {
    const broken = syllable.replace(/^\\/, "\n\n").replace(/^\//, "\n").replace(/\r\n?/g, "\n");
    if (hyphens && broken.endsWith("-")) out += broken.slice(0, -1);
    else out += spaced || NO_SPACES.test(broken) ? broken : `${broken} `;
    if (out.length > 2 * LONGEST) break;
  }
  return tidy(out);
}

/** What no space follows: the end of a line, Chinese and Japanese. */
const NO_SPACES = /[\n\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]$/u;

function hyphensJoin(syllables: readonly string[]): boolean {
  let [hyphens, bare] = [0, 0];
  for (let i = 0; i + 1 < syllables.length; i++) {
    if (syllables[i]!.endsWith("-")) hyphens++;
    else if (!/\s$/.test(syllables[i]!) && !/^[\s\\/]/.test(syllables[i + 1]!)) bare++;
  }
  return hyphens > bare;
}

function tidy(text: string): string {
  return text
    .replaceAll("\t", " ")
    .replace(/ *\n */g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/ {2,}/g, " ")
    .trim();
}

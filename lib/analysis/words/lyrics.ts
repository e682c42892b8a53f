import type { TimeMap } from "../../midi/time.ts";
import { round } from "../piece/round.ts";
import type { KaraokeCredits } from "./karaoke-credits.ts";
import type { TextEvent } from "./text.ts";

export interface Lyrics {
  /** "lyric": lyric metas (type 5), also those of Yamaha's XF. "karaoke": text metas of a .kar file (Soft Karaoke: "\" new verse, "/" new line, "@" headers). */
  readonly source: "lyric" | "karaoke";
  /** The words with line breaks, an empty line between verses and between singers; cut at 20,000 characters. */
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

/** What is sung, and the tracks whose texts are words of karaoke. */
export interface Sung {
  readonly lyrics: Lyrics;
  readonly karaokeTracks: ReadonlySet<number>;
  /** The texts of the singer who has most of them, in order: syllables as they are sung. */
  readonly leader: readonly TextEvent[];
}

/**
 * The words of every singer: of each track that has lyrics, one after the other, but for tracks that sing what another
 * sings. Null when nothing is sung.
 */
export function assembleLyrics(events: readonly TextEvent[], time: TimeMap, credits: KaraokeCredits): Sung | null {
  const lyric = byTrack(events, (event) => event.type === LYRIC);
  const singers = lyric.length > 0 ? withoutSlips(lyric) : karaoke(events, credits.hasHeaders);
  if (singers.length === 0) return null;
  const text = distinctWords(singers.map(wordsOf)).join("\n\n");
  const first = singers.reduce((a, b) => (b[0]!.tick < a[0]!.tick ? b : a))[0]!;
  return {
    leader: singers.reduce((a, b) => (b.length > a.length ? b : a)),
    karaokeTracks: new Set(lyric.length > 0 ? [] : singers.map((words) => words[0]!.track)),
    lyrics: {
      source: lyric.length > 0 ? "lyric" : "karaoke",
      text: text.slice(0, LONGEST),
      syllables: singers.reduce((sum, words) => sum + words.length, 0),
      startTick: first.tick,
      startSeconds: round(time.secondsAt(first.tick), 3),
      language: credits.language,
      capped: text.length > LONGEST,
    },
  };
}

function wordsOf(words: readonly TextEvent[]): string {
  const plain = isXf(words) ? words.map((event) => ({ ...event, text: plainXf(event.text) })) : words;
  const sung = words[0]!.type === LYRIC ? verses(plain) : [plain];
  return sung.map((verse) => join(verse.map((event) => event.text))).join("\n\n");
}

/** Tracks whose texts have the marks of karaoke; under karaoke headers also the one that has most of them. */
function karaoke(events: readonly TextEvent[], hasHeaders: boolean): TextEvent[][] {
  const tracks = byTrack(events, (event) => event.type === TEXT && !event.text.startsWith("@"));
  const most = Math.max(...tracks.map((texts) => texts.length));
  return tracks.filter((texts) => {
    const marks = texts.filter((event) => /^[\\/]/.test(event.text)).length;
    return marks >= LEAST_MARKS || (hasHeaders && texts.length > 8 && texts.length === most);
  });
}

/** The events that fit, track by track, in their order. */
function byTrack(events: readonly TextEvent[], fits: (event: TextEvent) => boolean): TextEvent[][] {
  return [...Map.groupBy(events.filter(fits), (event) => event.track).values()];
}

/** Without tracks of a single lyric, unless no track has more. */
function withoutSlips(tracks: TextEvent[][]): TextEvent[][] {
  const sung = tracks.filter((words) => words.length > 1);
  return sung.length > 0 ? sung : tracks.slice(0, 1);
}

/** Share of its words that a singer must have in common with an earlier one to sing the same. */
const SAME_WORDS = 0.8;

/** Without those that sing what the ones before sing. */
function distinctWords(texts: readonly string[]): string[] {
  const kept: string[] = [];
  const known = new Set<string>();
  for (const text of texts) {
    const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
    const same = words.filter((word) => known.has(word)).length;
    if (text === "" || (kept.length > 0 && same >= SAME_WORDS * words.length)) continue;
    kept.push(text);
    for (const word of words) known.add(word);
  }
  return kept;
}

/** Whether lyrics are written as in Yamaha's XF: "<" begins a page, "/" a line, "^" stands for a space, "%" for a tab. */
function isXf(words: readonly TextEvent[]): boolean {
  return words.filter((event) => /^[<^]/.test(event.text)).length >= LEAST_MARKS;
}

function plainXf(text: string): string {
  return text.replace(/<>?/g, "\n\n").replaceAll("/", "\n").replace(/[\^%]/g, " ");
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

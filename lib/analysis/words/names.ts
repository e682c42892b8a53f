import { pitchClass } from "../../music/note-names.ts";
import { round } from "../piece/round.ts";
import { LONGEST_TAG, NAME_TAGS, type NameTag } from "./name-tags.ts";
import { bareTonic, CHORD_NAME, isFact, keyAt, keyOfWords, type NamedKey } from "./names-key.ts";

/**
 * What the file's name and its folders say, as people write them, kept apart from what the music says. Whole words only
 * ("Warehouse" is not "house"); the file name speaks before its folder, the folder before the one above it.
 */
export interface NamesFeature {
  /** Beats a minute: "120 bpm", "tempo=120", or a number from 60 to 200 that stands apart or among other musical facts. */
  readonly bpm: number | null;
  /** Whether "bpm", "tempo" or a note sign stands by the number. */
  readonly bpmExplicit: boolean;
  readonly key: NamedKey | null;
  readonly tags: readonly NameTag[];
  /** Name against music: "octave" for half or double; null when either is silent. */
  readonly bpmAgrees: "agrees" | "octave" | "disagrees" | null;
  /** "related" for the right tonic in the other mode, or the relative key; null when either is silent. */
  readonly keyAgrees: "agrees" | "related" | "disagrees" | null;
}

/** What the music says, for the comparison. */
export interface Heard {
  readonly bpm: number | null;
  readonly tonic: string | null;
  readonly mode: "major" | "minor" | null;
}

/** Folders above the file that are looked at; further up stand homes and collections. */
const FOLDERS = 3;

/** Null without a path. */
export function names(path: string | undefined, heard: Heard): NamesFeature | null {
  if (path === undefined) return null;
  const levels = path
    .split(/[/\\]/)
    .slice(-1 - FOLDERS)
    .reverse();
  levels[0] = levels[0]!.replace(/\.[A-Za-z]{3,4}$/, "");
  const words = levels.map(wordsOf);
  const tags = collectTags(words);
  const explicit = firstOf(levels, explicitBpm);
  const musical = tags.length > 0 || explicit !== null;
  const bare =
    explicit === null && (tags.length > 0 || words.some((w) => keyOfWords(w, false))) ? bareBpm(levels) : null;
  const bpm = explicit ?? bare;
  const key =
    firstOf(words, (w) => keyOfWords(w, musical || bpm !== null)) ??
    (bpm !== null ? firstOf(words, (w) => bareTonic(w, bpm)) : null);
  return {
    bpm,
    bpmExplicit: explicit !== null,
    key,
    tags,
    bpmAgrees: compareBpm(bpm, heard.bpm),
    keyAgrees: compareKey(key, heard),
  };
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

/** A chord's name, "Cmaj7", "F#m9", "Asus4": what it says of a key is too little. */
const CHORD =
  /(?<![\p{L}\d#♯♭])[A-G](?:#|♯|b|♭)?(?:major|minor|maj|min|m|M|dim|aug|sus|add|Δ|ø|o|\+)*(?:2|4|5|6|7|9|11|13)(?:sus[24]?|[#b]\d+)?(?![\p{L}\d])/gu;
/** "Csharp", "BflatMinor": a letter and its sign in one word. */
const SPELLED_SIGN = /(?<!\p{L})([A-Ga-g])(sharp|flat)(?![a-ln-z])/gu;

/** Runs of letters (with signs) and of digits; "DrumLoop" and "kick01" are two words each, "C#m" one. */
function wordsOf(name: string): string[] {
  const spaced = name
    .replace(CHORD, ` ${CHORD_NAME} `)
    .replace(SPELLED_SIGN, (_, letter: string, sign: string) => letter + (sign === "sharp" ? "#" : "b"))
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{L})(\d)|(\d)(\p{L})/gu, "$1$3 $2$4");
  return spaced.match(/[\p{L}\p{M}][\p{L}\p{M}#♯♭]*|\d+/gu) ?? [];
}

const LOWEST_BPM = 60;
const HIGHEST_BPM = 200;

/** "120 bpm", "140bpmCmin", "BPM_120"; "tempo 90", "♩=120". */
const NUMBER_FIRST = /(?<![\d.])(\d{2,3}(?:[.,]\d+)?)[\s_-]*(?:[bB][pP][mM](?![a-z])|beats per minute)/;
const NUMBER_LAST = /(?:(?<![a-z])(?:bpm|tempo)[\s_=:-]*|[♩♪] *= *)(\d{2,3}(?:[.,]\d+)?)(?!\d)/iu;

function explicitBpm(name: string): number | null {
  const said = (NUMBER_FIRST.exec(name) ?? NUMBER_LAST.exec(name))?.[1];
  const value = said ? Number(said.replace(",", ".")) : 0;
  return value >= 20 && value <= 400 ? round(value, 3) : null;
}

/** Words that make the number after them something else: a work, a volume, a bar, a road. */
const NUMBERED = new Set(
  "op opus no nr k kv bwv hob d rv woo vol volume part pt track song psalm hymn level stage take bar bars symphony sonata fugue prelude etude version v ver cd disc program prog ch channel highway hwy route interstate studio area room flight chapter page".split(
    " ",
  ),
);

/** The one number from 60 to 200 that can be a tempo, in the first level that has one. */
function bareBpm(levels: readonly string[]): number | null {
  for (const [above, level] of levels.entries()) {
    const found = bareBpmOf(level);
    if (found !== null && !(above > 0 && HOW_MANY.test(level))) return found;
  }
  return null;
}

/** "100 Bass Loops": a folder that counts what it holds. */
const HOW_MANY =
  /^\d+ .*(loops|beats|grooves|fills|melodies|riffs|chords|progressions|basslines|patterns|midis?|files|songs|tracks)$/i;
/** What sets a number apart: "Kick - 128", "storm_140_v2", "(Ebm, 95)". */
const APART = /(?:^|[_\-–,.()[\]{}|+]) *(\d{2,3}) *(?=$|[_\-–,.()[\]{}|+])/g;

/** No leading zero, no work number, nothing like it beside; set apart, or between words that are facts themselves. */
function bareBpmOf(level: string): number | null {
  const apart = new Set([...level.matchAll(APART)].map(([, number]) => number));
  const words = wordsOf(level);
  const fits = words.filter((word, at) => {
    const value = /^[1-9]\d{1,2}$/.test(word) ? Number(word) : 0;
    if (value < LOWEST_BPM || value > HIGHEST_BPM || NUMBERED.has(words[at - 1]?.toLowerCase() ?? "")) return false;
    const isBeforeFact = isFact(words[at + 1]) || keyAt(words, at + 1, true) !== null;
    return apart.has(word) || (isFact(words[at - 1]) && isBeforeFact);
  });
  return fits.length === 1 ? Number(fits[0]) : null;
}

/** Longest match first: "drum and bass" is a genre, and no bass. */
function collectTags(levels: readonly (readonly string[])[]): NameTag[] {
  const found: NameTag[] = [];
  for (const level of levels) {
    const words = level.map((word) => word.toLowerCase());
    for (let at = 0; at < words.length; ) {
      const length = longestTag(words, at);
      for (const tag of length > 0 ? NAME_TAGS.get(words.slice(at, at + length).join(" "))! : [])
        if (!found.some((known) => known.tag === tag.tag && known.kind === tag.kind)) found.push(tag);
      at += Math.max(1, length);
    }
  }
  return found;
}

function longestTag(words: readonly string[], at: number): number {
  for (let length = LONGEST_TAG; length > 0; length--)
    if (at + length <= words.length && NAME_TAGS.has(words.slice(at, at + length).join(" "))) return length;
  return 0;
}

function compareBpm(named: number | null, heard: number | null): NamesFeature["bpmAgrees"] {
  if (named === null || heard === null || heard <= 0) return null;
  const near = (ratio: number) => Math.abs((named * ratio) / heard - 1) <= 0.02;
  if (near(1)) return "agrees";
  return near(2) || near(0.5) ? "octave" : "disagrees";
}

function compareKey(named: NamedKey | null, heard: Heard): NamesFeature["keyAgrees"] {
  if (named === null || heard.tonic === null || heard.mode === null) return null;
  const up = (pitchClass(named.tonic)! - pitchClass(heard.tonic)! + 12) % 12;
  if (up === 0) return named.mode === null || named.mode === heard.mode ? "agrees" : "related";
  const relative = heard.mode === "major" ? 9 : 3;
  return up === relative && named.mode !== null && named.mode !== heard.mode ? "related" : "disagrees";
}

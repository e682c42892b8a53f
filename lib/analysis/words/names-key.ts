import { NAME_TAGS } from "./name-tags.ts";

/** A key as a file name writes it. */
export interface NamedKey {
  /** As written, spelled C, C#, Db ... with "#" and "b". */
  readonly tonic: string;
  /** Null when the name gives the tonic alone. */
  readonly mode: "major" | "minor" | null;
}

/**
 * The key that words of a name state, the last one that does. `musical` says that the name holds other musical facts (a
 * BPM, an instrument), which lets shorter spellings count. A letter alone is a word, not a key, unless "key of" or "in"
 * makes it one.
 */
export function keyOfWords(words: readonly string[], musical: boolean): NamedKey | null {
  let found: NamedKey | null = null;
  for (let at = 0; at < words.length; at++) found = keyAt(words, at, musical) ?? found;
  return found;
}

/** The key that the words from `at` on state. */
export function keyAt(words: readonly string[], at: number, musical: boolean): NamedKey | null {
  return compact(words, at, musical) ?? spelledOut(words, at, musical) ?? announced(words, at);
}

const GERMAN = /^([A-Ha-h](?:is|es|s)?)(moll|dur)$/;
const COMPACT = /^([A-Ga-g])(#|♯|b|♭)?(m|min|minor|maj|major|M)$/;

/** One word with its mode: "C#m", "c#m", "Bbm", "Amin", "Cmaj", "F#minor", "EMIN". "CM" is no key (nor is "GM"), "C#M" is one. */
function compact(words: readonly string[], at: number, musical: boolean): NamedKey | null {
  const word = words[at]!.replace(/(min|minor|maj|major)$/i, (mode) => mode.toLowerCase());
  const german = GERMAN.exec(word);
  if (german) return germanKey(german[1]!, modeOf(german[2]!)!);
  const match = COMPACT.exec(word);
  if (!match) return null;
  const [, letter, sign = "", mode] = match;
  const short = mode!.length === 1;
  const sharp = sign === "#" || sign === "♯";
  if (short && letter !== letter!.toUpperCase() && !sharp) return null;
  if (mode === "M" && sign === "") return null;
  if (short && inProgression(words, at)) return null;
  if (/^[AE]m$/.test(word) && !standsAlone(words, at, musical)) return null;
  return { tonic: spell(letter!, sign), mode: modeOf(mode!) };
}

/** Takes the place of a chord's name, "Cmaj7": a musical fact, which a letter beside it continues. */
export const CHORD_NAME = "chordname";
const CHORD_LETTERS = /^[A-G][#♯b♭]?m?$/;

/** "Am-F-C-G", "Em Fm", "Dm7 G7 C": chords in a row, three or two in minor, say too little of a key. */
function inProgression(words: readonly string[], at: number): boolean {
  const isChord = (word = "") => word === CHORD_NAME || CHORD_LETTERS.test(word);
  let [from, to] = [at, at + 1];
  while (isChord(words[from - 1])) from--;
  while (isChord(words[to])) to++;
  const row = new Set(words.slice(from, to));
  return row.size > 2 || row.has(CHORD_NAME) || [...row].filter((word) => word.endsWith("m")).length > 1;
}

/** "Am" and "Em" are English words too ("Where Am I", "Get Em", "9 AM"): a key only after "key" or "in", or among facts alone. */
function standsAlone(words: readonly string[], at: number, musical: boolean): boolean {
  const before = words[at - 1];
  if (isKeyWord(words, at)) return true;
  if (/^in$/i.test(before ?? "")) return musical || isFact(words[at + 1]);
  if (!musical && (!words.every(isFact) || /^0?[1-9]$|^1[0-2]$/.test(before ?? ""))) return false;
  return isFact(before) && isFact(words[at + 1]);
}

/** Whether "key" or "key of" comes before. */
function isKeyWord(words: readonly string[], at: number): boolean {
  const before = words[at - 1]?.toLowerCase();
  return before === "key" || (before === "of" && words[at - 2]?.toLowerCase() === "key");
}

/** The edge of a name, a number, a tag, a key or "bpm". */
export function isFact(word: string | undefined): boolean {
  if (word === undefined || /^\d+$/.test(word) || /^(bpm|tempo|key)$/i.test(word) || word === CHORD_NAME) return true;
  return NAME_TAGS.has(word.toLowerCase()) || COMPACT.test(word) || MODES[word.toLowerCase()] !== undefined;
}

const MODES: Readonly<Record<string, "major" | "minor">> = {
  ...{ m: "minor", min: "minor", minor: "minor", moll: "minor", mineur: "minor", menor: "minor", minore: "minor" },
  ...{ aeolian: "minor", ionian: "major" },
  ...{ maj: "major", major: "major", dur: "major", majeur: "major", mayor: "major", maggiore: "major" },
};

function modeOf(word: string): "major" | "minor" | null {
  return word === "M" ? "major" : (MODES[word.toLowerCase()] ?? null);
}

/** Words between a tonic and its mode, and modes other than major and minor: of them the tonic is all that is said. */
const KINDS = /^(harmonic|melodic|natural)$/i;
const CHURCH = /^(dorian|phrygian|lydian|mixolydian|locrian)$/i;
/** What follows "A minor" when it is a key: "A Major Problem" is none. */
const FORMS =
  /^(scale|prelude|fugue|sonata|sonatina|etude|nocturne|concerto|symphony|mass|quartet|trio|quintet|suite|partita|invention|minuet|march|mazurka|polonaise|ballade|impromptu|rondo|study|theme|jam|backing|key|op|opus|no|nr|k|kv|bwv|to|and|bpm)$/i;

/** "A minor", "C sharp minor", "B-flat major", "Bb Major", "C harmonic minor", "fis-moll", "La menor", "ré mineur". */
function spelledOut(words: readonly string[], at: number, musical: boolean): NamedKey | null {
  const word = words[at]!;
  const next = words[at + 1] ?? "";
  if (/^(moll|dur)$/i.test(next)) return germanKey(word, modeOf(next)!);
  const sign = signOf(next);
  let last = at + (sign ? 2 : 1);
  if (KINDS.test(words[last] ?? "")) last++;
  const church = CHURCH.test(words[last] ?? "") && /^[A-G]/.test(word);
  const mode = church ? null : modeOf(words[last] ?? "");
  if (!church && (!mode || words[last]!.length <= 2)) return null;
  const tonic = tonicOf(word);
  if (tonic === null || (tonic === "A" && !sign && !musical && isArticle(words, at, last))) return null;
  return { tonic: tonic.length === 1 ? tonic + sign : tonic, mode };
}

function tonicOf(word: string): string | null {
  if (/^[A-Ga-g](#|♯|b|♭)?$/.test(word)) return spell(word[0]!, word.slice(1));
  const [, name = "", sign = ""] = /^(.+?)(#|♯|♭)?$/u.exec(word.toLowerCase()) ?? [];
  const tonic = SOLFEGE[name];
  return tonic ? spell(tonic, sign) : null;
}

/** Whether the "A" that begins a name is the English word. */
function isArticle(words: readonly string[], at: number, last: number): boolean {
  const next = words[last + 1];
  return at === 0 && !isFact(next) && !FORMS.test(next!);
}

const SIGNS: Readonly<Record<string, string>> = {
  ...{ sharp: "#", diese: "#", dièse: "#", diesis: "#", sostenido: "#" },
  ...{ flat: "b", bemol: "b", bémol: "b", bemolle: "b" },
};

function signOf(word: string): string {
  return SIGNS[word.toLowerCase()] ?? "";
}

const SOLFEGE: Readonly<Record<string, string>> = {
  ...{ do: "C", ut: "C", re: "D", ré: "D", mi: "E", fa: "F", sol: "G", la: "A", si: "B" },
};

/** German: H is B, B is B flat, "is" sharpens, "es" and "s" flatten ("Es", "As", "fis"). */
function germanKey(word: string, mode: "major" | "minor"): NamedKey | null {
  const match = /^([a-h])(is|es|s)?$/i.exec(word);
  if (!match) return null;
  const letter = match[1]!.toUpperCase();
  const sign = match[2]?.toLowerCase() ?? "";
  if (letter === "B") return sign === "" ? { tonic: "Bb", mode } : null;
  return { tonic: (letter === "H" ? "B" : letter) + (sign === "is" ? "#" : sign === "" ? "" : "b"), mode };
}

const AFTER_IN = /^(op|opus|no|nr|bwv|k|kv|d|hob|rv|for|für|\d+)$/i;

/** "Key of C", "key C#", "Prelude in F", "Sonata in B flat", "in e flat". */
function announced(words: readonly string[], at: number): NamedKey | null {
  const isKey = isKeyWord(words, at);
  if (!isKey && words[at - 1]?.toLowerCase() !== "in") return null;
  const sign = signOf(words[at + 1] ?? "");
  if (!/^[A-G](#|♯|b|♭)?$/.test(words[at]!) && !(sign && /^[b-g]$/.test(words[at]!))) return null;
  const next = words[at + (sign ? 2 : 1)];
  if (!isKey && next !== undefined && !AFTER_IN.test(next)) return null;
  return { tonic: spell(words[at]![0]!, words[at]!.slice(1) || sign), mode: null };
}

function spell(letter: string, sign: string): string {
  return letter.toUpperCase() + (sign === "♯" ? "#" : sign === "♭" ? "b" : sign);
}

/**
 * A tonic with no mode, in names that give a tempo: one with an accidental ("C#", "Bb") anywhere, a letter alone only beside
 * the tempo and with a fact or the edge of the name on its other side ("128_C_Bass").
 */
export function bareTonic(words: readonly string[], bpm: number): NamedKey | null {
  const isBpm = (word: string | undefined) => word === `${bpm}` || /^bpm$/i.test(word ?? "");
  const found = words.find(
    (word, at) =>
      !inProgression(words, at) &&
      (/^(?:[A-Ga-g][#♯]|[A-G][b♭])$/.test(word) ||
        (/^[A-G]$/.test(word) &&
          ((isBpm(words[at - 1]) && isFact(words[at + 1])) || (isBpm(words[at + 1]) && isFact(words[at - 1]))))),
  );
  return found ? { tonic: spell(found[0]!, found[1] ?? ""), mode: null } : null;
}

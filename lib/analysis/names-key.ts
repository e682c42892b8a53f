import { NAME_TAGS } from "./tables/name-tags.ts";

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

function keyAt(words: readonly string[], at: number, musical: boolean): NamedKey | null {
  return compact(words, at, musical) ?? spelledOut(words, at) ?? announced(words, at);
}

const COMPACT = /^([A-Ga-g])(#|♯|b|♭)?(m|min|minor|maj|major|M)$/;

/** One word with its mode: "C#m", "Bbm", "Amin", "Cmaj", "F#minor", "EMIN". "CM" is no key (nor is "GM"), "C#M" is one. */
function compact(words: readonly string[], at: number, musical: boolean): NamedKey | null {
  const word = words[at]!.replace(/(min|minor|maj|major)$/i, (mode) => mode.toLowerCase());
  const match = COMPACT.exec(word);
  if (!match) return null;
  const [, letter, sign = "", mode] = match;
  const short = mode!.length === 1;
  if (short && letter !== letter!.toUpperCase()) return null;
  if (mode === "M" && sign === "") return null;
  if (/^[AE]m$/.test(word) && !standsAlone(words, at, musical)) return null;
  return { tonic: spell(letter!, sign), mode: modeOf(mode!) };
}

/** "Am" and "Em" are English words too ("Where Am I", "Get Em"): a key only as the whole name, after "in", or among numbers and tags. */
function standsAlone(words: readonly string[], at: number, musical: boolean): boolean {
  const isFact = (word: string | undefined) =>
    word === undefined || /^\d+$/.test(word) || NAME_TAGS.has(word.toLowerCase());
  if (/^(in|key|of)$/i.test(words[at - 1] ?? "")) return at === words.length - 1 || musical;
  return (musical || words.length === 1) && isFact(words[at - 1]) && isFact(words[at + 1]);
}

const MODES: Readonly<Record<string, "major" | "minor">> = {
  ...{ m: "minor", min: "minor", minor: "minor", moll: "minor", mineur: "minor", menor: "minor", minore: "minor" },
  ...{ maj: "major", major: "major", dur: "major", majeur: "major", mayor: "major", maggiore: "major" },
};

function modeOf(word: string): "major" | "minor" | null {
  return word === "M" ? "major" : (MODES[word.toLowerCase()] ?? null);
}

/** "A minor", "C sharp minor", "B-flat major", "Bb Major", "fis-moll", "La menor", "ré mineur". */
function spelledOut(words: readonly string[], at: number): NamedKey | null {
  const word = words[at]!;
  const german = /^(moll|dur)$/i;
  const next = words[at + 1] ?? "";
  const after = words[at + 2] ?? "";
  if (german.test(next)) return germanKey(word, modeOf(next)!);
  const sign = signOf(next);
  const mode = modeOf(sign ? after : next);
  const spelledMode = (sign ? after : next).length > 2;
  if (!mode || !spelledMode) return null;
  const tonic =
    SOLFEGE[word.toLowerCase()] ?? (/^[A-Ga-g](#|♯|b|♭)?$/.test(word) ? spell(word[0]!, word.slice(1)) : null);
  return tonic ? { tonic: tonic + (tonic.length === 1 ? sign : ""), mode } : null;
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

/** "Key of C", "key C#", "Prelude in F", "Sonata in B flat". */
function announced(words: readonly string[], at: number): NamedKey | null {
  const before = words[at - 1]?.toLowerCase() ?? "";
  const isKey = before === "key" || (before === "of" && words[at - 2]?.toLowerCase() === "key");
  if (!isKey && before !== "in") return null;
  if (!/^[A-G](#|♯|b|♭)?$/.test(words[at]!)) return null;
  const sign = signOf(words[at + 1] ?? "");
  const next = words[at + (sign ? 2 : 1)];
  if (!isKey && next !== undefined && !AFTER_IN.test(next)) return null;
  return { tonic: spell(words[at]![0]!, words[at]!.slice(1) || sign), mode: null };
}

function spell(letter: string, sign: string): string {
  return letter.toUpperCase() + (sign === "♯" ? "#" : sign === "♭" ? "b" : sign);
}

/** A tonic with an accidental and no mode ("C#", "Bb"), for names known to be musical. */
export function bareTonic(words: readonly string[]): NamedKey | null {
  const word = words.find((w) => /^[A-G](#|♯|b|♭)$/.test(w));
  return word ? { tonic: spell(word[0]!, word[1]!), mode: null } : null;
}

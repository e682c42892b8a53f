import { FAMILIES, INSTRUMENTS, kitName } from "./general-midi.ts";

/**
 * The names of General MIDI that somebody means who says "violin", "sax" or "strings": those of the family of that
 * name, else those that hold all its words. Empty when there is none.
 */
export function instrumentNames(said: string): readonly string[] {
  const words = wordsOf(said);
  if (KIT_WORDS.has(words.join(" "))) return [...KITS];
  const family = FAMILIES.indexOf(words.join(" "));
  if (family >= 0) return INSTRUMENTS.slice(family * 8, family * 8 + 8);
  if (words.length === 0) return [];
  return ALL.filter((name) => words.every((word) => wordsOf(name).some((other) => other.startsWith(word))));
}

const KITS = new Set(Array.from({ length: 128 }, (_, program) => kitName(program)));
/** What people call a kit; steel drums and taikos are not meant. */
const KIT_WORDS = new Set(["drum", "drums", "drum kit", "drum kits", "drumkit", "kit"]);
const ALL = [...INSTRUMENTS, ...KITS];

const wordsOf = (text: string) => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

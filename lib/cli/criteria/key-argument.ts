import { pitchClass, spellings } from "../../music/note-names.ts";
import { UsageError } from "../script.ts";

interface Key {
  readonly tonic: number;
  readonly minor: boolean;
}

/**
 * The keys that `--key` means, as the library writes them, in every spelling: "A minor", "Am", "C# min", "Bbmaj",
 * "8A" (Camelot). `compatible` adds its neighbours on the Camelot wheel, which share all but one note with it: the
 * relative key and the keys a fifth up and down.
 */
export function keyNames(text: string, compatible: boolean): readonly string[] {
  const key = parseKey(text);
  const keys = compatible ? [key, relative(key), fifths(key, 1), fifths(key, -1)] : [key];
  return keys.flatMap(({ tonic, minor }) => spellings(tonic).map((name) => `${name} ${minor ? "minor" : "major"}`));
}

function parseKey(text: string): Key {
  const [, number, letter] = /^(1[0-2]|[1-9])([AB])$/i.exec(text) ?? [];
  if (number !== undefined) return camelot(Number(number), letter!.toUpperCase() === "A");
  const [, name, mode] = /^([A-Ga-g](?:#|b|♯|♭)?)\s*(m|min|minor|M|maj|major)?$/.exec(text.trim()) ?? [];
  const tonic = name === undefined ? null : pitchClass(name[0]!.toUpperCase() + name.slice(1));
  if (tonic === null) throw new UsageError(`--key is "${text}", expected a key such as "A minor", C#m, Eb or 8A`);
  return { tonic, minor: mode !== undefined && /^(m|min|minor)$/.test(mode) };
}

/** The Camelot wheel counts fifths from 1A, Ab minor, and 1B, B major. */
function camelot(number: number, minor: boolean): Key {
  return fifths({ tonic: minor ? 8 : 11, minor }, number - 1);
}

const relative = ({ tonic, minor }: Key): Key => ({ tonic: (tonic + (minor ? 3 : 9)) % 12, minor: !minor });

const fifths = ({ tonic, minor }: Key, steps: number): Key => ({ tonic: (tonic + 7 * steps + 84) % 12, minor });

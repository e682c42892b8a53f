import type { Words } from "../words/text.ts";
import type { NamedMeter } from "./played-meter.ts";

/** Kinds of piece that are nearly always in one meter, by a word of their title. */
const KINDS: readonly (readonly [words: RegExp, meters: NamedMeter])[] = [
  [
    /\b(?:waltz|waltzes|valse|valses|walzer|vals|mazurka|mazurkas|minuet|menuet|menuetto|minuetto|sarabande|polonaise|l[aä]ndler|bolero)\b/,
    ["3/4"],
  ],
  [
    /\b(?:march|marche|marsch|marcia|polka|gavotte|bourr[eé]e|reel|hornpipe|foxtrot|ragtime|rag)\b/,
    ["4/4", "2/2", "2/4"],
  ],
  [/\b(?:jig|jigs|gigue|giga|barcarolle|barcarola|siciliano|siciliana|sicilienne|tarantella)\b/, ["6/8", "12/8"]],
];

/** The meters that the name of the file, its title or the name of a track speaks for; null when none does, or several. */
export function namedMeters(path: string | undefined, { text, names }: Words): NamedMeter | null {
  const file = path?.split(/[/\\]/).at(-1) ?? "";
  const said = [file, text.title ?? "", ...names.map((name) => name ?? "")]
    .join(" ")
    .toLowerCase()
    .replaceAll("_", " ");
  const found = KINDS.filter(([words]) => words.test(said));
  return found.length === 1 ? found[0]![1] : null;
}

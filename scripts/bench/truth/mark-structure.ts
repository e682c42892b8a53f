import type { StepResults } from "../../../lib/analysis/steps.ts";
import type { Mark, Marks } from "./mark.ts";
import type { TruthPiece } from "./truth-piece.ts";

/** The trivial guess: a line every eight bars, all of one kind. */
const RULER = 8;
/** Which bar of the file the phrases begin at is not known: the best of so many bars to either side counts, for all alike. */
const MOST_SHIFT = 3;

/** Sections against the phrases that people heard: boundaries to the bar, and which bars are of one kind. */
export function markStructure({ phrases }: TruthPiece, { structure }: StepResults): Marks {
  if (phrases === null) return { marks: [], said: [] };
  const people = phrases.map(barsOf);
  const bars = Math.max(...people.map((person) => person.length));
  const ruler = Array.from({ length: bars }, (_, bar): Bar => ({ section: Math.floor(bar / RULER), kind: "all" }));
  const said = structure && barsOf(structure.sections);
  const mark = (what: string, measure: Measure): Mark => ({
    what: `sections, ${what}`,
    score: said && best(people, said, measure),
    trivial: best(people, ruler, measure),
  });
  return { marks: [mark("boundary F", boundaryF), mark("pairs", pairF)], said: [] };
}

interface Bar {
  readonly section: number;
  readonly kind: string;
}

function barsOf(parts: readonly { readonly label: string; readonly bars: number }[]): Bar[] {
  return parts.flatMap(({ label, bars }, section) => Array.from({ length: bars }, () => ({ section, kind: label })));
}

type Measure = (truth: readonly Bar[], said: readonly Bar[]) => number;

function best(people: readonly (readonly Bar[])[], said: readonly Bar[], measure: Measure): number {
  let most = 0;
  const first = said[0] ?? { section: 0, kind: "" };
  for (const truth of people)
    for (let shift = -MOST_SHIFT; shift <= MOST_SHIFT; shift++) {
      const lead = Array.from({ length: Math.max(0, shift) }, () => first);
      most = Math.max(most, measure(truth, [...lead, ...said.slice(Math.max(0, -shift))]));
    }
  return most;
}

/** F-measure of the bars at which a section begins, the first bar apart. */
function boundaryF(truth: readonly Bar[], said: readonly Bar[]): number {
  const begins = (bars: readonly Bar[]) =>
    new Set(bars.flatMap((bar, i) => (i > 0 && bar.section !== bars[i - 1]!.section ? [i] : [])));
  const [wanted, given] = [begins(truth), begins(said)];
  return fMeasure([...given].filter((bar) => wanted.has(bar)).length, wanted.size, given.size);
}

/** F-measure of the pairs of bars that are of one kind (Levy and Sandler 2008). */
function pairF(truth: readonly Bar[], said: readonly Bar[]): number {
  const bars = Math.min(truth.length, said.length);
  let [both, wanted, given] = [0, 0, 0];
  for (let a = 0; a < bars; a++)
    for (let b = 0; b < a; b++) {
      const want = truth[a]!.kind === truth[b]!.kind;
      const have = said[a]!.kind === said[b]!.kind;
      wanted += Number(want);
      given += Number(have);
      both += Number(want && have);
    }
  return fMeasure(both, wanted, given);
}

function fMeasure(both: number, wanted: number, given: number): number {
  return wanted + given === 0 ? 1 : (2 * both) / (wanted + given);
}

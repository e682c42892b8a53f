import type { StepResults } from "../../../lib/analysis/steps.ts";
import type { Mark, Marks, Said } from "./mark.ts";
import type { TruthPiece } from "./truth-piece.ts";

/** A beat is right within this many seconds; the first five are left out (Davies, Degara and Plumbley 2009). */
const WINDOW = 0.07;
const SKIPPED = 5;
/** The trivial guess: a metronome at 120 from the first note on, a bar line every fourth beat. */
const TRIVIAL_GAP = 0.5;
const TRIVIAL_BAR = 4;
/** A tempo is right within 4 %. */
const TEMPO_TOLERANCE = 0.04;
const TRIVIAL_BPM = 120;
const OCTAVES = [1, 2, 1 / 2, 3, 1 / 3];

/** Beats, downbeats, meter, tempo and "performed". */
export function markBeats(piece: TruthPiece, found: StepResults): Marks {
  const parts = [beatMarks(piece, found), meterMarks(piece, found), tempoMarks(piece, found), performed(piece, found)];
  return { marks: parts.flatMap(({ marks }) => marks), said: parts.flatMap(({ said }) => said) };
}

const NOTHING: Marks = { marks: [], said: [] };

function beatMarks({ beats: truth }: TruthPiece, { beats, piece }: StepResults): Marks {
  if (truth === null || truth.seconds.length < 2 || piece.count === 0) return NOTHING;
  const said = beats === null ? null : [...beats.seconds];
  const downbeats = said?.filter((_, i) => beats!.downbeat[i] === 1);
  const [first, last] = [piece.startSeconds[0]!, truth.seconds[truth.seconds.length - 1]!];
  const ruler = Array.from({ length: Math.ceil((last - first) / TRIVIAL_GAP) }, (_, i) => first + i * TRIVIAL_GAP);
  const beat = said && beatF(truth.seconds, said);
  const marks: Mark[] = [{ what: "beat F", score: beat, trivial: beatF(truth.seconds, ruler) }];
  if (truth.downbeats.length > 1) {
    const bars = ruler.filter((_, i) => i % TRIVIAL_BAR === 0);
    const trivial = beatF(truth.downbeats, bars);
    marks.push({ what: "downbeat F", score: downbeats ? beatF(truth.downbeats, downbeats) : null, trivial });
  }
  return {
    marks,
    said: beats && beat !== null ? [{ what: "beats", confidence: beats.confidence, right: beat, weight: 1 }] : [],
  };
}

/** F-measure of moments, both lists rising. */
function beatF(truth: readonly number[], said: readonly number[]): number {
  const wanted = truth.filter((at) => at >= SKIPPED);
  const given = said.filter((at) => at >= SKIPPED);
  let hits = 0;
  for (let t = 0, s = 0; t < wanted.length && s < given.length; ) {
    const apart = given[s]! - wanted[t]!;
    if (Math.abs(apart) <= WINDOW) {
      hits++;
      t++;
      s++;
    } else if (apart < 0) s++;
    else t++;
  }
  return wanted.length + given.length === 0 ? 1 : (2 * hits) / (wanted.length + given.length);
}

function meterMarks({ meter: truth }: TruthPiece, { meter }: StepResults): Marks {
  if (truth === null) return NOTHING;
  const text = `${truth.numerator}/${truth.denominator}`;
  const right = meter !== null && meter.numerator === truth.numerator && meter.denominator === truth.denominator;
  const bar = meter && meter.numerator * truth.denominator === truth.numerator * meter.denominator;
  const length = truth.numerator / truth.denominator;
  const marks: Mark[] = [
    { what: "meter", score: meter && Number(right), truth: text },
    { what: "meter, bar length", score: meter && Number(bar), truth: `${length}` },
  ];
  return { marks, said: sure("meter", meter, right) };
}

function tempoMarks({ beatsPerMinute: truth }: TruthPiece, { tempo }: StepResults): Marks {
  if (truth === null) return NOTHING;
  const near = (said: number, factor: number) => Math.abs(said / (truth * factor) - 1) <= TEMPO_TOLERANCE;
  const right = tempo.bpm !== null && near(tempo.bpm, 1);
  const some = (said: number) => Number(OCTAVES.some((factor) => near(said, factor)));
  const marks: Mark[] = [
    { what: "tempo", score: tempo.bpm && Number(right), trivial: Number(near(TRIVIAL_BPM, 1)) },
    { what: "tempo, any octave", score: tempo.bpm && some(tempo.bpm), trivial: some(TRIVIAL_BPM) },
  ];
  return { marks, said: tempo.bpm === null ? [] : sure("tempo", tempo, right) };
}

function performed({ performed: truth }: TruthPiece, { performed: said }: StepResults): Marks {
  if (truth === null) return NOTHING;
  const right = said.performed === truth;
  const score = said.performed === null ? null : Number(right);
  return { marks: [{ what: "performed", score, truth: `${truth}` }], said: sure("performed", said, right) };
}

function sure(what: string, said: { readonly confidence: number } | null, right: boolean): Said[] {
  return said === null ? [] : [{ what, confidence: said.confidence, right: Number(right), weight: 1 }];
}

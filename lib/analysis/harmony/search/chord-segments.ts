import {
  CHORD_TYPES,
  FAMILIES,
  FAMILY_FIFTH,
  FAMILY_THIRD,
  NO_CHORD,
  POWER_CHORD,
  SINGLE_NOTE,
} from "../../../music/chord-types.ts";
import { type Chroma, WHOLE } from "../sound/chroma.ts";
import { CONFIDENCE_FACTS, chordConfidence, confidenceFacts } from "./chord-confidence.ts";
import { NONE } from "./chord-path.ts";

/**
 * Chords as columns, before they are spelled: the spans of the chroma grouped into stretches of one harmony.
 *
 * Roots and triads come from the path of chord-path.ts; sevenths, sixths, ninths and the bass are told over each
 * stretch, bar by bar.
 */
export interface ChordSegments {
  readonly count: number;
  /** First span of each segment; one more entry closes the last. */
  readonly span: Int32Array;
  /** Pitch class of the root, -1 for no chord. */
  readonly root: Int8Array;
  /** Index of `CHORD_TYPES`, `NO_CHORD` for no chord. */
  readonly type: Int8Array;
  /** Pitch class of the bass, -1 for no chord. */
  readonly bass: Int8Array;
  /** Chance that root and third are right, 0 for no chord. */
  readonly confidence: Float64Array;
  /** Whether the chords were looked for as spread over lines. */
  readonly spread: boolean;
}

/** The strength of a span that begins a bar. */
const AT_BAR = 2;

/**
 * Names every stretch of equal spans by what sounds over all of it, bar by bar: where type or bass change with the bar,
 * a chord ends though its root and family go on (C, then C:7). A bar without third keeps that of its neighbours.
 * `path`: the state of each span; `strength` as in `HarmonySpans`.
 */
export function chordSegments(
  chroma: Chroma,
  path: Uint8Array,
  strength: Uint8Array,
  spread: boolean,
  scratch: SegmentScratch,
): ChordSegments {
  const span = new Int32Array(chroma.count + 1);
  const root = new Int8Array(chroma.count);
  const type = new Int8Array(chroma.count);
  const bass = new Int8Array(chroma.count);
  const confidence = new Float64Array(chroma.count);
  let count = 0;
  for (let s = 0; s < chroma.count; ) {
    const state = path[s]!;
    const goesOn = s > 0 && path[s - 1] === state;
    const silent = state === NONE;
    let end = s + 1;
    while (end < chroma.count && path[end] === state && strength[end] !== AT_BAR) end++;
    if (!silent) hearStretch(chroma, s, end, scratch);
    const at = silent ? -1 : (state / FAMILIES) | 0;
    const kind = silent ? NO_CHORD : typeOver(scratch.shares, at, state % FAMILIES);
    const lowest = silent ? -1 : bassOver(scratch.lows, at, kind);
    if (goesOn && (kind >= POWER_CHORD || type[count - 1]! >= POWER_CHORD)) {
      type[count - 1] = Math.min(kind, type[count - 1]!);
    } else if (!goesOn || kind !== type[count - 1] || lowest !== bass[count - 1]) {
      span[count] = s;
      root[count] = at;
      type[count] = kind;
      bass[count] = lowest;
      if (!silent) confidence[count] = confidenceOf(scratch, at, kind, lowest, end - s, spread);
      count++;
    }
    s = end;
  }
  span[count] = chroma.count;
  return { count, span, root, type, bass, confidence, spread };
}

function confidenceOf(
  { shares, facts }: SegmentScratch,
  root: number,
  type: number,
  bass: number,
  spans: number,
  spread: boolean,
): number {
  confidenceFacts(shares, root, type, bass, spans, facts);
  return chordConfidence(facts, spread);
}

/** What sounds in the stretch that is being named. */
export interface SegmentScratch {
  /** Share of the stretch that each pitch class sounds, twice over to save the modulo. */
  readonly shares: Float64Array;
  /** Spans in which each pitch class is the bass. */
  readonly lows: Int32Array;
  readonly facts: Float64Array;
}

export function createSegmentScratch(): SegmentScratch {
  return { shares: new Float64Array(24), lows: new Int32Array(12), facts: new Float64Array(CONFIDENCE_FACTS.length) };
}

/** Fills `shares` and `lows` over a range of spans; the bass of its first counts double. */
export function hearStretch(
  { weight, bass }: Chroma,
  from: number,
  to: number,
  { shares, lows }: SegmentScratch,
): void {
  const scale = 1 / (WHOLE * (to - from));
  for (let p = 0; p < 12; p++) {
    let sum = 0;
    for (let i = from * 12 + p; i < to * 12; i += 12) sum += Math.min(WHOLE, weight[i]!);
    shares[p + 12] = shares[p] = sum * scale;
  }
  lows.fill(0);
  for (let s = from; s < to; s++) {
    const pitch = bass[s]!;
    if (pitch >= 0) lows[pitch % 12] = lows[pitch % 12]! + (s === from ? 2 : 1);
  }
}

/** A seventh, sixth or ninth belongs to the chord when it sounds this much of what its triad's notes do. */
const LEAST_EXTENSION = 0.75;
/** A third that sounds less than this share of the time is not there. */
const LEAST_SHARE = 0.02;

function typeOver(shares: Float64Array, root: number, family: number): number {
  if (family <= 1 && shares[root + FAMILY_THIRD[family]!]! < LEAST_SHARE) {
    let others = 0;
    for (let p = 0; p < 12; p++) if (p !== root && p !== (root + 7) % 12) others += shares[p]!;
    if (others < LEAST_SHARE) return shares[root + 7]! > LEAST_SHARE ? POWER_CHORD : SINGLE_NOTE;
  }
  const triad = (shares[root]! + shares[root + FAMILY_THIRD[family]!]! + shares[root + FAMILY_FIFTH[family]!]!) / 3;
  let best = family;
  let most = 0;
  for (const { type, first, second } of EXTENSIONS[family]!) {
    const share = shares[root + first]!;
    const other = shares[root + second]!;
    const sum = first === second ? share : share + other;
    if (sum > most && share > LEAST_EXTENSION * triad && other > LEAST_EXTENSION * triad) {
      most = sum;
      best = type;
    }
  }
  return best;
}

/** The types that grow from each family, with the one or two (then different) notes they add. */
const EXTENSIONS = FAMILY_THIRD.map((_, family) =>
  CHORD_TYPES.flatMap(({ family: grows, intervals }, type) =>
    type >= FAMILIES && type < POWER_CHORD && grows === family
      ? [{ type, first: intervals[3]!, second: intervals[4] ?? intervals[3]! }]
      : [],
  ),
);

/** The lowest note most of the time if it belongs to the chord, else the root. */
function bassOver(low: Int32Array, root: number, type: number): number {
  let best = root;
  for (const interval of CHORD_TYPES[type]!.intervals) {
    const pc = (root + interval) % 12;
    if (low[pc]! > low[best]!) best = pc;
  }
  return best;
}

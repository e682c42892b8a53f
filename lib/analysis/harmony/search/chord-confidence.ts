import { CHORD_TYPES, FAMILY_FIFTH, FAMILY_THIRD, POWER_CHORD } from "../../../music/chord-types.ts";
import { CHORD_CONFIDENCE } from "./learned-chord-confidence.ts";

/** What is known of a named stretch, from which the chance that root and third are right is told. */
export const CONFIDENCE_FACTS = ["one", "fit", "lead", "root", "third", "length", "bass", "plain"] as const;

/** The chance that root and third of a chord are right: logistic regression, one row of weights for struck chords, one for spread ones. */
export function chordConfidence(facts: Float64Array, spread: boolean, weights = CHORD_CONFIDENCE): number {
  const row = weights[spread ? 1 : 0]!;
  let sum = 0;
  for (let i = 0; i < facts.length; i++) sum += facts[i]! * row[i]!;
  return 1 / (1 + Math.exp(-sum));
}

/**
 * Fills `into` for a chord: the share of what sounds that belongs to it, by how much its triad sounds more than the best
 * other one, how long its root and third sound, its length, whether its root is the bass, whether it is a plain triad.
 * `shares`: how long each pitch class sounds in the stretch, twice over.
 */
export function confidenceFacts(
  shares: Float64Array,
  root: number,
  type: number,
  bass: number,
  spans: number,
  into: Float64Array,
): void {
  const { family, intervals } = CHORD_TYPES[type]!;
  let total = 0;
  for (let p = 0; p < 12; p++) total += shares[p]!;
  let inside = 0;
  for (const interval of intervals) inside += shares[root + interval]!;
  const third = shares[root + FAMILY_THIRD[family]!]!;
  const own = shares[root]! + third + shares[root + FAMILY_FIFTH[family]!]!;
  into[0] = 1;
  into[1] = total > 0 ? inside / total : 0;
  into[2] = total > 0 ? (own - bestOther(shares, root, family)) / total : 0;
  into[3] = shares[root]!;
  into[4] = type >= POWER_CHORD ? 0 : third;
  into[5] = Math.log2(spans);
  into[6] = bass === root ? 1 : 0;
  into[7] = intervals.length === 3 ? 1 : 0;
}

/** The most that a major or minor triad sounds, the chord itself apart. */
function bestOther(shares: Float64Array, root: number, family: number): number {
  let most = 0;
  for (let other = 0; other < 12; other++) {
    const frame = shares[other]! + shares[other + 7]!;
    const minor = frame + shares[other + 3]!;
    const major = frame + shares[other + 4]!;
    if (minor > most && !(other === root && family === 1)) most = minor;
    if (major > most && !(other === root && family === 0)) most = major;
  }
  return most;
}

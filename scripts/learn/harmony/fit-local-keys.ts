import {
  KEY_COUNTS,
  KEY_REACH,
  type LocalKeyWeights,
  localEvidence,
  relation,
} from "../../../lib/analysis/harmony/local-keys.ts";
import { Ascent, climb } from "./ascent.ts";
import { chainSlope } from "./chain.ts";

/** A piece as its windows count it, with the key of each window (-1 where unknown). */
export interface KeyedPiece {
  readonly counts: Float64Array;
  readonly main: number;
  readonly labels: Int8Array;
}

const ROW = KEY_COUNTS.length * 12;
const REACH_AT = 2 * ROW;
const RELATION_AT = REACH_AT + 2 * KEY_REACH + 1;
const CHANGE_AT = RELATION_AT + 48;
const COURSE = { rounds: 12, batch: 8, ridge: 0.02 };
/**
 * Changes cost this share of what makes the truth likeliest. That is the more cautious reading: it says the main key where two
 * are about as likely, and so misses half of the short modulations.
 */
const CHANGE_SHARE = 0.85;

export function fitLocalKeys(pieces: readonly KeyedPiece[], seed: number): LocalKeyWeights {
  const ascent = new Ascent(firstWeights());
  climb(ascent, pieces, { ...COURSE, seed }, (piece) => addSlope(ascent, piece));
  const all = ascent.weights;
  const rounded = (from: number, to: number) => Array.from(all.subarray(from, to), (x) => Number(x.toFixed(3)));
  return {
    degrees: rounded(0, REACH_AT),
    reach: rounded(REACH_AT, RELATION_AT),
    relation: rounded(RELATION_AT, CHANGE_AT),
    change: Number((CHANGE_SHARE * all[CHANGE_AT]!).toFixed(3)),
  };
}

function firstWeights(): Float64Array {
  const weights = new Float64Array(CHANGE_AT + 1);
  for (let i = 0; i < 12; i++) {
    weights[i] = [0, 2, 4, 5, 7, 9, 11].includes(i) ? 0.3 : -1;
    weights[ROW + i] = [0, 2, 3, 5, 7, 8, 11].includes(i) ? 0.3 : -1;
  }
  weights.set([0.4, 0.8, 1, 0.8, 0.4], REACH_AT);
  weights[CHANGE_AT] = 4;
  return weights;
}

function addSlope({ weights, slope }: Ascent, { counts, main, labels }: KeyedPiece): void {
  const windows = labels.length;
  const reach = weights.subarray(REACH_AT, RELATION_AT);
  const asWeights = {
    degrees: weights.subarray(0, REACH_AT) as unknown as number[],
    reach: reach as unknown as number[],
    relation: weights.subarray(RELATION_AT, CHANGE_AT) as unknown as number[],
    change: weights[CHANGE_AT]!,
  };
  const evidence = localEvidence(counts, main, asWeights);
  const said = chainSlope(evidence, 24, labels, new Uint8Array(windows), [asWeights.change]);
  const share = 1 / Math.sqrt(windows);
  slope[CHANGE_AT]! += share * said.change[0]!;
  const sum = new Float64Array(24);
  for (let w = 0; w < windows; w++) {
    sum.fill(0);
    for (let apart = -KEY_REACH; apart <= KEY_REACH; apart++) {
      const other = w - apart;
      if (other < 0 || other >= windows) continue;
      for (let k = 0; k < 24; k++) sum[k]! += reach[apart + KEY_REACH]! * said.evidence[other * 24 + k]!;
    }
    for (let k = 0; k < 24; k++) {
      slope[RELATION_AT + relation(main, k)]! += share * said.evidence[w * 24 + k]!;
      const mode = k < 12 ? 0 : ROW;
      let alone = 0;
      for (let at = 0; at < ROW; at++) {
        const x = counts[w * ROW + at]!;
        if (x === 0) continue;
        const degree = mode + at - (at % 12) + (((at % 12) - (k % 12) + 12) % 12);
        slope[degree]! += share * sum[k]! * x;
        alone += weights[degree]! * x;
      }
      for (let apart = -KEY_REACH; apart <= KEY_REACH; apart++) {
        const other = w - apart;
        if (other < 0 || other >= windows) continue;
        slope[REACH_AT + apart + KEY_REACH]! += share * alone * said.evidence[other * 24 + k]!;
      }
    }
  }
}

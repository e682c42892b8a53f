/** What a chain says of one piece: how evidence and costs should change for the truth to become likelier. */
export interface ChainSlope {
  /** Steps by states. */
  readonly evidence: Float64Array;
  /** By kind of step. */
  readonly change: Float64Array;
  readonly logLikelihood: number;
}

/**
 * Forward and backward through a linear chain in which every change of state costs the same, by the kind of step it falls
 * on: linear in states. `truth`: the state of each step, -1 where unknown.
 */
export function chainSlope(
  evidence: Float64Array,
  states: number,
  truth: Int8Array,
  kind: ArrayLike<number>,
  cost: ArrayLike<number>,
): ChainSlope {
  const steps = truth.length;
  const likely = evidence.slice();
  for (let s = 0; s < steps; s++) {
    const row = likely.subarray(s * states, (s + 1) * states);
    let most = row[0]!;
    for (const x of row) if (x > most) most = x;
    for (let j = 0; j < states; j++) row[j] = Math.exp(row[j]! - most);
  }
  const factor = Float64Array.from({ length: steps }, (_, s) => Math.exp(-cost[kind[s]!]!));
  const ahead = forward(likely, states, steps, factor);
  const { back, changes } = backward(likely, ahead, states, steps, factor);
  const slope = new Float64Array(steps * states);
  const change = new Float64Array(cost.length);
  let logLikelihood = 0;
  for (let s = 0; s < steps; s++) {
    const want = truth[s]!;
    if (want < 0) continue;
    let sum = 0;
    for (let j = 0; j < states; j++) sum += ahead[s * states + j]! * back[s * states + j]!;
    for (let j = 0; j < states; j++) {
      const chance = (ahead[s * states + j]! * back[s * states + j]!) / sum;
      slope[s * states + j] = (j === want ? 1 : 0) - chance;
      if (j === want) logLikelihood += Math.log(chance + 1e-9);
    }
    if (s > 0 && truth[s - 1]! >= 0) change[kind[s]!]! += changes[s]! - Number(truth[s - 1] !== want);
  }
  return { evidence: slope, change, logLikelihood };
}

function forward(likely: Float64Array, states: number, steps: number, factor: Float64Array): Float64Array {
  const ahead = new Float64Array(steps * states);
  for (let s = 0; s < steps; s++) {
    let sum = 0;
    for (let j = 0, at = s * states; j < states; j++, at++)
      sum += ahead[at] = (s === 0 ? 1 : ahead[at - states]! + factor[s]!) * likely[at]!;
    for (let j = 0, at = s * states; j < states; j++, at++) ahead[at] = ahead[at]! / sum;
  }
  return ahead;
}

/** Also the chance of a change at each step. */
function backward(likely: Float64Array, ahead: Float64Array, states: number, steps: number, factor: Float64Array) {
  const back = new Float64Array(steps * states);
  const changes = new Float64Array(steps);
  back.fill(1, (steps - 1) * states);
  for (let s = steps - 2; s >= 0; s--) {
    const next = (s + 1) * states;
    let all = 0;
    for (let j = 0; j < states; j++) all += likely[next + j]! * back[next + j]!;
    const jump = factor[s + 1]! * all;
    let sum = 0;
    let total = 0;
    for (let j = 0, at = s * states; j < states; j++, at++) {
      const x = likely[next + j]! * back[next + j]! + jump;
      back[at] = x;
      sum += x;
      total += ahead[at]! * x;
    }
    changes[s + 1] = jump / total;
    for (let j = 0, at = s * states; j < states; j++, at++) back[at] = back[at]! / sum;
  }
  return { back, changes };
}

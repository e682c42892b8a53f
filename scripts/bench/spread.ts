/** The middle of some measurements and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** By how much `a` was more than `b` in the same round: -0.05 is 5 % less. */
export function pairedRatio(a: readonly number[], b: readonly number[]): Spread {
  return spread(a.map((value, round) => value / b[round]! - 1));
}

/** "+3.4 %". */
export function percent(ratio: number): string {
  return `${ratio >= 0 ? "+" : ""}${(100 * ratio).toFixed(1)} %`;
}

/** "4.71 s (4.60 to 5.02)". */
export function secondsText({ median, least, most }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} s (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

/** Runs every contender once a round, each round beginning with another, so that noise falls on all alike. */
export async function takeTurns<C>(
  contenders: readonly C[],
  rounds: number,
  measure: (contender: C, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      await measure(contenders[(round + turn) % contenders.length]!, round);
    }
  }
}

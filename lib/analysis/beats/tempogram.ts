/** Periods looked at: 0.18 to 2.6 seconds, 5 % apart. */
const SHORTEST = 0.18;
const LONGEST = 2.6;
const STEP = 0.05;
const BINS = Math.ceil(Math.log(LONGEST / SHORTEST) / STEP);
const LAG_STEPS = 512;
/** The bin of each 512th of a second, fractions included. */
const BIN_OF = Float32Array.from({ length: Math.ceil(LONGEST * LAG_STEPS) + 1 }, (_, i) =>
  Math.max(0, Math.log((i + 0.5) / LAG_STEPS / SHORTEST) / STEP),
);
/** Onsets less likely than this to be beats are passed over. */
const LEAST_CHANCE = 0.06;
const CHANCE_OFFSET = 0.5;
/** How usual a period is, as a log-normal: only to order what comes again. */
const USUAL_PERIOD = 0.55;
const USUAL_SPREAD = 0.75;

/** How strongly likely beats come again after each period (autocorrelation; Grosche & Müller 2011); the most is 1. */
export interface Tempogram {
  /** Periods in seconds at which it peaks, the likeliest first. */
  readonly peaks: readonly number[];
  /** At a period in seconds; 0 outside of what was looked at. */
  at(period: number): number;
}

export function tempogram(seconds: Float64Array, chances: Float32Array): Tempogram {
  const strength = smooth(autocorrelation(seconds, chances));
  const top = Math.max(1e-9, ...strength);
  const at = (period: number) => (strength[Math.round(Math.log(period / SHORTEST) / STEP)] ?? 0) / top;
  const worth = (bin: number) =>
    strength[bin]! * Math.exp(-0.5 * (Math.log(periodOf(bin) / USUAL_PERIOD) / USUAL_SPREAD) ** 2);
  const peaks: number[] = [];
  for (let bin = 1; bin + 1 < strength.length; bin++)
    if (strength[bin]! >= strength[bin - 1]! && strength[bin]! > strength[bin + 1]!) peaks.push(bin);
  return { peaks: peaks.sort((a, b) => worth(b) - worth(a)).map(periodOf), at };
}

/** The chance of a beat, from its log-odds: the network is shy. */
export function beatChance(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds - CHANCE_OFFSET));
}

function periodOf(bin: number): number {
  return SHORTEST * Math.exp(bin * STEP);
}

/** Products of the chances of all pairs, by the period between them; weighed against what longer lags gather by chance. */
function autocorrelation(seconds: Float64Array, chances: Float32Array): Float64Array {
  const kept = chances.reduce((count, chance) => count + (chance > LEAST_CHANCE ? 1 : 0), 0);
  const times = new Float64Array(kept);
  const weights = new Float64Array(kept);
  for (let i = 0, k = 0; k < kept; i++) {
    if (chances[i]! <= LEAST_CHANCE) continue;
    times[k] = seconds[i]!;
    weights[k++] = chances[i]!;
  }
  const sums = new Float64Array(BINS + 2);
  for (let i = 0; i < kept; i++) {
    for (let j = i + 1; j < kept; j++) {
      const lag = times[j]! - times[i]!;
      if (lag > LONGEST) break;
      if (lag < SHORTEST) continue;
      const bin = BIN_OF[(lag * LAG_STEPS) | 0]!;
      const whole = bin | 0;
      const weight = weights[i]! * weights[j]!;
      const part = weight * (bin - whole);
      sums[whole]! += weight - part;
      sums[whole + 1]! += part;
    }
  }
  return sums.map((sum, bin) => sum / periodOf(bin));
}

function smooth(values: Float64Array): Float64Array {
  return values.map((value, i) => 0.5 * value + 0.25 * ((values[i - 1] ?? 0) + (values[i + 1] ?? 0)));
}

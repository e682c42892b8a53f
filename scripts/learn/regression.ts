/** One question with several answers: the traits of each answer, how right each is (adds up to 1), and how much it counts. */
export interface Question {
  readonly answers: readonly (readonly number[])[];
  readonly right: readonly number[];
  readonly weight: number;
}

/** One thing to be sorted into classes, or rated from 0 to 1 (then `target` is the rate). */
export interface Example {
  readonly traits: readonly number[];
  readonly target: number;
  readonly weight: number;
}

/** Steps of the descent, enough for some hundred weights. */
const STEPS = 1500;

/** Weights of the traits by which the right answer wins: conditional logit, squared weights held small by `ridge`. */
export function fitChoice(questions: readonly Question[], ridge: number): number[] {
  const { center, scale } = spread(questions.flatMap(({ answers }) => answers));
  const all = questions.reduce((sum, { weight }) => sum + weight, 0);
  const scaled = questions.map(({ answers }) =>
    answers.map((traits) => traits.map((x, i) => (x - center[i]!) / scale[i]!)),
  );
  const found = descend(scale.length, (w, slope) => {
    w.forEach((value, i) => {
      slope[i] = 2 * ridge * value;
    });
    questions.forEach(({ right, weight }, q) => {
      const chances = softmax(scaled[q]!.map((traits) => dot(traits, w)));
      const total = right.reduce((sum, part) => sum + part, 0);
      scaled[q]!.forEach((traits, a) => {
        const error = ((total * chances[a]! - right[a]!) * weight) / all;
        traits.forEach((x, i) => {
          slope[i] = slope[i]! + error * x;
        });
      });
    });
  });
  return found.map((value, i) => value / scale[i]!);
}

/** Softmax regression: weights by trait and class, and a constant for each class. */
export function fitClasses(
  examples: readonly Example[],
  classes: number,
  ridge: number,
): { weights: number[][]; bias: number[] } {
  const { center, scale } = spread(examples.map(({ traits }) => traits));
  const size = scale.length;
  const all = examples.reduce((sum, { weight }) => sum + weight, 0);
  const scaled = examples.map(({ traits }) => traits.map((x, i) => (x - center[i]!) / scale[i]!));
  const found = descend((size + 1) * classes, (w, slope) => {
    for (let i = 0; i < w.length; i++) slope[i] = 2 * (i < size * classes ? ridge : 1e-3) * w[i]!;
    examples.forEach(({ target, weight }, e) => {
      const scores = Array.from({ length: classes }, (_, c) =>
        scaled[e]!.reduce((sum, x, i) => sum + x * w[i * classes + c]!, w[size * classes + c]!),
      );
      softmax(scores).forEach((chance, c) => {
        const error = ((chance - (c === target ? 1 : 0)) * weight) / all;
        scaled[e]!.forEach((x, i) => {
          slope[i * classes + c] = slope[i * classes + c]! + error * x;
        });
        slope[size * classes + c] = slope[size * classes + c]! + error;
      });
    });
  });
  const row = (i: number) => found.slice(i * classes, (i + 1) * classes);
  const weights = scale.map((s, i) => row(i).map((w) => w / s));
  const bias = row(size).map((b, c) => b - weights.reduce((sum, w, i) => sum + w[c]! * center[i]!, 0));
  return { weights, bias };
}

/** Logistic regression of rates from 0 to 1. */
export function fitRate(examples: readonly Example[], ridge: number): { weights: number[]; bias: number } {
  const { center, scale } = spread(examples.map(({ traits }) => traits));
  const size = scale.length;
  const all = examples.reduce((sum, { weight }) => sum + weight, 0);
  const scaled = examples.map(({ traits }) => [...traits.map((x, i) => (x - center[i]!) / scale[i]!), 1]);
  const found = descend(size + 1, (w, slope) => {
    w.forEach((value, i) => {
      slope[i] = i < size ? 2 * ridge * value : 0;
    });
    examples.forEach(({ target, weight }, e) => {
      const error = ((1 / (1 + Math.exp(-dot(scaled[e]!, w))) - target) * weight) / all;
      scaled[e]!.forEach((x, i) => {
        slope[i] = slope[i]! + error * x;
      });
    });
  });
  const weights = scale.map((s, i) => found[i]! / s);
  return { weights, bias: found[size]! - weights.reduce((sum, w, i) => sum + w * center[i]!, 0) };
}

/** Least of a smooth function by its slope (Adam, Kingma & Ba 2015), its steps growing smaller. */
function descend(size: number, slopeAt: (at: readonly number[], slope: Float64Array) => void): number[] {
  const at = new Array<number>(size).fill(0);
  const slope = new Float64Array(size);
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  for (let step = 1; step <= STEPS; step++) {
    slope.fill(0);
    slopeAt(at, slope);
    const rate = 0.05 * (1 - step / (STEPS + 1));
    for (let i = 0; i < size; i++) {
      mean[i] = 0.9 * mean[i]! + 0.1 * slope[i]!;
      square[i] = 0.999 * square[i]! + 0.001 * slope[i]! * slope[i]!;
      at[i]! -= (rate * (mean[i]! / (1 - 0.9 ** step))) / (Math.sqrt(square[i]! / (1 - 0.999 ** step)) + 1e-9);
    }
  }
  return at;
}

/** Mean and deviation of each trait. */
function spread(rows: readonly (readonly number[])[]): { center: number[]; scale: number[] } {
  const size = rows[0]!.length;
  const center = Array.from({ length: size }, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
  const scale = center.map((mean, i) =>
    Math.max(1e-6, Math.sqrt(rows.reduce((sum, row) => sum + (row[i]! - mean) ** 2, 0) / rows.length)),
  );
  return { center, scale };
}

function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - top));
  const all = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / all);
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, x, i) => sum + x * other[i]!, 0);
}

/** A finite number to so many decimals, for output: never NaN, infinite or -0. */
export function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  const rounded = Math.round(value * scale) / scale;
  return Number.isFinite(rounded) ? rounded + 0 : 0;
}

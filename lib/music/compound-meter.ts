/** Whether a meter is counted in groups of three of its units: 6/8 in two, 9/8 in three, 6/4 in two; 3/8 is not. */
export function isCompound(numerator: number): boolean {
  return numerator > 3 && numerator % 3 === 0;
}

/** Most bars that are compared with one another. */
export const MOST_BARS = 256;

/** What the steps of this family write into while they work on one file. */
export interface StructureScratch {
  /** Likeness of every bar to every earlier one. */
  readonly matrix: Float32Array;
}

export function createStructureScratch(): StructureScratch {
  return { matrix: new Float32Array(MOST_BARS * MOST_BARS) };
}

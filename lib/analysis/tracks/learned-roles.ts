export const MELODY_WEIGHTS: readonly number[] = [2.5, -0.5, -0.9, 2.6, 4.3, 0.9, -2.7, 4.4];

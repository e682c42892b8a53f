/** Borders of the histograms, for who counts and who draws. */

/** Beats a minute. */
export const TEMPO_FROM = 40;
export const TEMPO_STEP = 5;
export const TEMPO_BINS = 36;
/** Seconds. */
export const DURATION_BORDERS: readonly number[] = [5, 10, 20, 30, 60, 90, 120, 150, 180, 210, 240, 300, 360, 480, 600];

/**
 * Key profiles: how much each degree of a key sounds, tonic first, major then minor.
 *
 * `ALBRECHT_SHANAHAN`: Albrecht and Shanahan, "The use of large corpora to train a new type of key-finding algorithm",
 *   Music Perception 31(1), 2013.
 */
export interface KeyProfile {
  readonly major: readonly number[];
  readonly minor: readonly number[];
}

export const ALBRECHT_SHANAHAN: KeyProfile = {
  major: [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.08, 0.008, 0.081],
  minor: [0.22, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
};

// Generated: do not edit.
// What makes a voice the melody (roles.ts).
//
// Made by: bun scripts/learn.ts roles --data DIR
// Seed: 0
// Learned from:
// - POP909, by the name of the track, 455 files (https://github.com/music-x-lab/POP909-Dataset; MIT)
// - DCML corpora (string quartets, trio sonatas, songs), the first staff, 127 files (https://github.com/DCMLab; CC
// BY-NC-SA 4.0: numbers only are kept here)
// Scores:
// - melody of pop909, in sample: 0.982 (455 pieces)
// - melody of pop909, compositions left out: 0.982 (455 pieces)
// - melody of pop909, collections left out: 0.930 (455 pieces)
// - melody of ABC, in sample: 0.946 (37 pieces)
// - melody of ABC, compositions left out: 0.946 (37 pieces)
// - melody of ABC, collections left out: 0.892 (37 pieces)
// - melody of corelli, in sample: 0.925 (80 pieces)
// - melody of corelli, compositions left out: 0.912 (80 pieces)
// - melody of corelli, collections left out: 0.912 (80 pieces)
// - melody of schubert_winterreise, in sample: 1.000 (10 pieces)
// - melody of schubert_winterreise, compositions left out: 0.900 (10 pieces)
// - melody of schubert_winterreise, collections left out: 0.900 (10 pieces)

/** By `MELODIC_TRAITS`. */
export const MELODY_WEIGHTS: readonly number[] = [
  2.076, // one note at a time
  -1.493, // logarithm of the mean step
  -1.196, // range in octaves
  4.343, // presence
  6.138, // highest while one note at a time
  2.111, // highest
  -0.6701, // lowest
  3.404, // root of the share of the notes
];

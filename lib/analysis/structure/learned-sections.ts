// Generated: do not edit.
// Where sections begin and how long they are (sections.ts).
//
// Made by: bun scripts/learn.ts sections --data DIR
// Seed: 0
// Learned from:
// - POP909, phrases marked by two people, 455 files (https://github.com/music-x-lab/POP909-Dataset,
// https://github.com/Dsqvival/hierarchical-structure-analysis; notes MIT; labels without a licence: numbers only are
// kept here)
// Scores:
// - beginnings of sections to the bar, F against the person and the shift that fit best, in sample: 0.651 (455 pieces)
// - beginnings of sections to the bar, F against the person and the shift that fit best, compositions left out: 0.652
// (455 pieces)

import type { SectionWeights } from "./sections.ts";

export const SECTION_WEIGHTS: SectionWeights = {
  boundary: [
    0.09682, // time since the melody's last onset
    0.2179, // the melody comes or goes within four bars
    0.2853, // voices come and go
    -0.1022, // notes of the bar before, against the usual
    0.2742, // notes of this bar, against the usual
    -0.3671, // notes of the melody in the bar before, against the usual
    0.7229, // the melody enters
    0.7447, // the melody leaves
    0.5893, // a repetition starts, in deviations from the piece's mean
    0.4615, // a repetition ends, in deviations
    -0.1281, // the melody rests, in deviations
    1.152, // the last three, at every fourth bar from here
    0.5327, // the same at every eighth bar
    -1.373, // alone
  ],
  length: [
    -4.034, // 0 bars
    -1.347, // 1 bars
    -1.39, // 2 bars
    -1.342, // 3 bars
    -0.4174, // 4 bars
    -1.285, // 5 bars
    -1.515, // 6 bars
    -1.54, // 7 bars
    -0.4376, // 8 bars
    -1.181, // 9 bars
    -1.54, // 10 bars
    -2.072, // 11 bars
    -1.837, // 12 bars
    -2.078, // 13 bars
    -2.267, // 14 bars
    -2.511, // 15 bars
    -1.501, // 16 bars
    -2.636, // 17 bars
    -2.431, // 18 bars
    -3.256, // 19 bars
    -2.856, // 20 bars
  ],
};

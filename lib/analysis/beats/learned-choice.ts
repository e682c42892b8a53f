// Generated: do not edit.
// What chooses among beat tracks, and how sure it is (choice.ts).
//
// Made by: bun scripts/learn.ts beats --data DIR
// Seed: 2
// Learned from:
// - ASAP, performances and their scores, 707 files (https://github.com/fosfrancesco/asap-dataset; CC BY-NC-SA 4.0:
// numbers only are kept here)
// - DCML corpora, keyboard works and string quartets, played by a made-up player, 419 files
// (https://github.com/DCMLab; CC BY-NC-SA 4.0: numbers only are kept here)
// Scores:
// - beats, F within 70 ms, compositions left out: 0.693 (577 pieces)
// - tempo within 4 %, compositions left out: 0.496 (577 pieces)
// - tempo within 4 %, or its double, half, threefold or third, compositions left out: 0.712 (577 pieces)
// - beats, F within 70 ms, in sample: 0.720 (577 pieces)
// - tempo within 4 %, in sample: 0.534 (577 pieces)
// - tempo within 4 %, or its double, half, threefold or third, in sample: 0.726 (577 pieces)

import type { ChoiceWeights } from "./choice.ts";

export const CHOICE: ChoiceWeights = {
  weights: [
    1.7021, 0.095224, 0.72938, -6.2205, -3.3223, -0.54823, 10.475, 0.56984, -1.5297, -0.77529, -0.8, -0.16753, -0.83356,
  ],
  tempo: [
    0.82331, 1.3386, -1.5699, -0.094316, 7.0252, -4.3426, -4.2729, 4.5193, 0.37537, -5.1558, -1.6461, 1.09, 1.4533,
    -0.22114,
  ],
  tempoBias: -2.1293,
  beats: [
    1.2897, -0.33458, -0.33136, 2.0355, -0.79641, 0.025141, 3.4047, 0.23973, -3.7835, -0.20775, 0.10459, 1.9144,
    -0.64958,
  ],
  beatsBias: -3.0627,
};

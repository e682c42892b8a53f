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
// - beats, F within 70 ms, compositions left out: 0.691 (577 pieces)
// - tempo within 4 %, compositions left out: 0.490 (577 pieces)
// - tempo within 4 %, or its double, half, threefold or third, compositions left out: 0.709 (577 pieces)
// - beats, F within 70 ms, in sample: 0.721 (577 pieces)
// - tempo within 4 %, in sample: 0.553 (577 pieces)
// - tempo within 4 %, or its double, half, threefold or third, in sample: 0.740 (577 pieces)

import type { ChoiceWeights } from "./choice.ts";

export const CHOICE: ChoiceWeights = {
  weights: [
    1.7966, 0.20598, 0.72638, -6.9349, -2.6114, -0.49027, 10.599, 0.57892, -1.5297, -0.70497, -0.8, -0.21602, -0.86677,
  ],
  tempo: [
    0.77328, 1.2722, -1.2362, -0.083679, 8.1651, -3.5318, -4.2432, 4.3712, 0.30065, -6.0457, -1.8074, 1.6704, 1.3985,
    -0.23421,
  ],
  tempoBias: -1.8857,
  beats: [
    1.3011, -0.28707, -0.28068, 2.8672, -1.6466, 0.49936, 3.2435, 0.21924, -3.6984, -0.3201, 0.11842, 1.8912, -0.61687,
  ],
  beatsBias: -3.2773,
};

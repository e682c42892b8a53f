// Generated: do not edit.
// Weights of the facts from which the confidence of a chord is told: a row for struck chords, one for chords spread
// over lines. The spread ones were searched with weights that had not seen the piece's collection.
//
// Made by: bun scripts/learn.ts chords --data DIR
// Seed: 1
// Learned from:
// - keyboard works and quartets with experts' chords and keys, 353 files (15 corpora of the Digital and Cognitive
// Musicology Lab: github.com/DCMLab; CC BY-NC-SA 4.0)
// - POP909, chords of the MIDI, 455 files (github.com/music-x-lab/POP909-Dataset; MIT)
// Scores:
// - struck chords, mean distance of confidence said from share right, by tenths, in sample: 0.012 (522 pieces)
// - spread chords, mean distance of confidence said from share right, by tenths, in sample: 0.020 (286 pieces)

export const CHORD_CONFIDENCE: readonly (readonly number[])[] = [
  [-2.148, 0.984, 6.184, 0.395, 0.682, 0.099, 1.154, 0.294],
  [-2.659, 2.425, 4.773, 0.892, 0.262, -0.121, 0.791, 0.518],
];

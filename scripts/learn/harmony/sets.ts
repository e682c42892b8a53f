import type { LearnedSet } from "../learned-file.ts";

const SETS = {
  keyboard: {
    name: "keyboard works and quartets with experts' chords and keys",
    source: "15 corpora of the Digital and Cognitive Musicology Lab: github.com/DCMLab",
    licence: "CC BY-NC-SA 4.0",
  },
  pop909: { name: "POP909, chords of the MIDI", source: "github.com/music-x-lab/POP909-Dataset", licence: "MIT" },
} as const;

export function setOf(name: keyof typeof SETS, files: number): LearnedSet {
  return { ...SETS[name], files };
}

/** Standard MIDI Files for scripts of one's own: bytes to a `Score`, a `Score` to parts, and to Tone.js objects. */
export { BadMidi } from "./midi/read/bad-midi.ts";
export { createReader, type Reader, readMidi } from "./midi/read/reader.ts";
export type { Division, NoteColumns, Repair, Score, Track } from "./midi/score.ts";
export { CannotSplit } from "./midi/split/cannot-split.ts";
export type { Part } from "./midi/split/part.ts";
export { createSplitter, type SplitOptions, type Splitter, splitScore } from "./midi/split/splitter.ts";
export { type TimeMap, timeMap } from "./midi/time.ts";
export { toTone } from "./midi/tone/to-tone.ts";

import { readFile, UnreadableFile } from "../files/read-file.ts";
import { BadMidi } from "../midi/read/bad-midi.ts";
import { createReader } from "../midi/read/reader.ts";
import { timeMap } from "../midi/time.ts";

/** A file's notes as lists: track, channel, pitch, velocity, start and end in ticks, start and end in seconds. */
export type NoteRows = readonly (readonly number[])[];

const MOST_BYTES = 256 * 1024 * 1024;

const reader = createReader();

/** The notes of one file in the order of its tracks, or why it cannot be read. */
export function readNotes(path: string): NoteRows | { readonly error: string } {
  try {
    const score = reader.read(readFile(path, MOST_BYTES).bytes);
    const { count, track, channel, pitch, velocity, startTick, endTick } = score.notes;
    const time = timeMap(score);
    return Array.from({ length: count }, (_, n) => {
      const [start, end] = [startTick[n]!, endTick[n]!];
      const ticks = [track[n]!, channel[n]!, pitch[n]!, velocity[n]!, start, end];
      return [...ticks, seconds(time.secondsAt(start)), seconds(time.secondsAt(end))];
    });
  } catch (error) {
    if (error instanceof BadMidi || error instanceof UnreadableFile) return { error: error.message };
    throw error;
  }
}

/** Seconds to the tenth of a millisecond. */
const seconds = (value: number) => Math.round(value * 1e4) / 1e4;

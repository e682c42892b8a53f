/** Cuts a MIDI file into its parts, in memory, and says what they are: `bun examples/split-file.ts song.mid`. */
import { createReader, splitScore } from "midiworks/midi";

// Cutting copies events, so the reader is asked to keep them.
const reader = createReader({ events: true });

for (const path of process.argv.slice(2)) {
  const parts = splitScore(reader.read(await Bun.file(path).bytes()));
  for (const { track, channel, noteCount, bytes } of parts) {
    console.log(`track ${track}, channel ${(channel ?? 0) + 1}: ${noteCount} notes, ${bytes.length} bytes`);
  }
}

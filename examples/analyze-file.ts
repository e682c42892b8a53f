/** Says tempo, key and length of MIDI files: `bun examples/analyze-file.ts song.mid`. */
import { createAnalyzer } from "midiworks/analysis";
import { BadMidi, createReader } from "midiworks/midi";

const reader = createReader();
const analyzer = createAnalyzer();

for (const path of process.argv.slice(2)) {
  try {
    const score = reader.read(await Bun.file(path).bytes());
    const { tempo, key, durationSeconds } = analyzer.analyze(score, { path });
    console.log(path, `${tempo.bpm ?? "?"} bpm`, key ? `${key.tonic} ${key.mode}` : "no key", `${durationSeconds} s`);
  } catch (error) {
    // A file that is no music is told, and the next one has its turn.
    if (!(error instanceof BadMidi)) throw error;
    console.log(path, error.message);
  }
}

/** Counts the keys of the music in a folder: `bun examples/folder-keys.ts ~/midi`. */
import { createAnalyzer } from "midiworks/analysis";
import { BadMidi, createReader } from "midiworks/midi";

const reader = createReader();
const analyzer = createAnalyzer();
const keys = new Map<string, number>();

for await (const path of new Bun.Glob("**/*.{mid,midi,MID,MIDI}").scan({
  cwd: process.argv[2] ?? ".",
  absolute: true,
})) {
  try {
    const { key } = analyzer.analyze(reader.read(await Bun.file(path).bytes()));
    // Below 0.8 the answer is too often another key.
    const name = key && key.confidence >= 0.8 ? `${key.tonic} ${key.mode}` : "not sure";
    keys.set(name, (keys.get(name) ?? 0) + 1);
  } catch (error) {
    if (!(error instanceof BadMidi)) throw error;
  }
}

for (const [name, count] of [...keys].sort((a, b) => b[1] - a[1])) console.log(`${count}\t${name}`);

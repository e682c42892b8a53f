import { expect, test } from "bun:test";
import { createAnalyzer, featuresOf } from "../../lib/analysis/analyzer.ts";
import type { Features } from "../../lib/analysis/features.ts";
import { createScratch } from "../../lib/analysis/scratch.ts";
import { STEPS, type StepResults } from "../../lib/analysis/steps.ts";
import { readMidi } from "../../lib/midi/read/reader.ts";
import { dance, played, scale } from "../support/tunes.ts";

/** A waltz, a scale and something played freely: three pieces that go through different parts of the analysis. */
const PIECES = [
  dance(24, 3),
  scale(60),
  played(
    Array.from({ length: 96 }, (_, i) => [i * 240, 220, 48 + ((i * 7) % 24), 60 + (i % 5) * 8]),
    { rubato: 0.05 },
  ),
].map((track) => track.bytes());

/** The steps of all pieces in turn, one step of each at a time, every piece by an analyser of its own. */
function interleaved(): Features[] {
  const works = PIECES.map((bytes) => ({ scratch: createScratch(), found: { read: readMidi(bytes) } as StepResults }));
  for (const { name, make } of STEPS)
    for (const { found, scratch } of works) Object.assign(found, { [name]: make(found, scratch) });
  return works.map(({ found }) => featuresOf(found));
}

test("two analysers in one thread do not disturb each other, step by step or file by file", () => {
  const alone = PIECES.map((bytes) => createAnalyzer().analyze(readMidi(bytes)));
  expect(interleaved()).toEqual(alone);
  const [one, other] = [createAnalyzer(), createAnalyzer()];
  for (const [i, bytes] of PIECES.entries()) {
    expect(one.analyze(readMidi(bytes))).toEqual(alone[i]!);
    const next = (i + 1) % PIECES.length;
    expect(other.analyze(readMidi(PIECES[next]!))).toEqual(alone[next]!);
  }
});

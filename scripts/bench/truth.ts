#!/usr/bin/env bun
/**
 * How true the analysis is, on any folder of music with known answers (docs/truth.md says in which formats).
 *
 *     bun scripts/bench.ts truth --data DIR [--only chords] [--each] [--json]
 */
import { readFileSync } from "node:fs";
import { featuresOf } from "../../lib/analysis/analyzer.ts";
import { createScratch } from "../../lib/analysis/scratch.ts";
import { STEPS, type StepResults } from "../../lib/analysis/steps.ts";
import { runScript } from "../../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../../lib/cli/script.ts";
import { table } from "../../lib/cli/text/table.ts";
import { createReader } from "../../lib/midi/read/reader.ts";
import type { Score } from "../../lib/midi/score.ts";
import type { Marks, Said } from "./truth/mark.ts";
import { markBeats } from "./truth/mark-beats.ts";
import { markHarmony } from "./truth/mark-harmony.ts";
import { markRoles } from "./truth/mark-roles.ts";
import { markStructure } from "./truth/mark-structure.ts";
import { calibration, type PieceMark, summary } from "./truth/summary.ts";
import { truthFiles } from "./truth/truth-pieces.ts";

export const script = defineScript({
  name: "bench/truth",
  description: "How true the analysis is, on a folder of music with known answers",
  flags: {
    data: { type: "string", valueHint: "DIR", required: true, description: "Music with known answers (docs/truth.md)" },
    only: { type: "string", valueHint: "TEXT", description: "Only files whose path has this in it" },
    each: { type: "boolean", description: "First one line of JSON a file" },
    json: { type: "boolean", description: "One JSON object on stdout" },
  },
  async run({ data, only, each, json }, { stop }) {
    const files = truthFiles(data).filter(({ path }) => !only || path.includes(only));
    if (files.length === 0) throw new UsageError(`--only is "${only}", expected a part of some file's path`);
    const marks: PieceMark[] = [];
    const said: Said[] = [];
    for (const file of files) {
      if (stop.aborted) return;
      const score = reader.read(Uint8Array.from(readFileSync(file.path)));
      const { collection, composition, path, ...truth } = file.truth(score);
      const judged = judge({ collection, composition, path, ...truth }, score);
      marks.push(...judged.marks.map((mark) => ({ ...mark, collection, composition })));
      said.push(...judged.said);
      if (each) process.stdout.write(`${JSON.stringify({ path, marks: judged.marks })}\n`);
    }
    const report = { summary: summary(marks), calibration: calibration(said) };
    process.stdout.write(`${json ? JSON.stringify(report) : text(report)}\n`);
  },
});

const reader = createReader();
const scratch = createScratch();

/** The analysis is shown neither path nor names of tracks: what it says, it says from the music. */
function judge(piece: ReturnType<ReturnType<typeof truthFiles>[number]["truth"]>, read: Score): Marks {
  const found = analyse(read);
  const names = found.words.names;
  const hidden = piece.phrases === null && !names.some((name) => name) ? found : analyse(withoutNames(read));
  const parts = [
    markBeats(piece, found),
    markHarmony(piece, found),
    markStructure(piece, found),
    markRoles(names, hidden.tracks),
  ];
  return { marks: parts.flatMap((part) => part.marks), said: parts.flatMap((part) => part.said) };
}

function analyse(read: Score): StepResults {
  const found: Record<string, unknown> = { read, path: undefined };
  const known = found as unknown as StepResults;
  for (const { name, make } of STEPS) found[name] = make(known, scratch);
  featuresOf(known);
  return known;
}

const TRACK_NAME = 3;
const INSTRUMENT_NAME = 4;
const TEXT = 1;

/** The same score with names of tracks and instruments as plain, empty text. */
function withoutNames(score: Score): Score {
  const type = score.metas.type.slice();
  const length = score.metas.length.slice();
  for (let i = 0; i < score.metas.count; i++) {
    if (type[i] !== TRACK_NAME && type[i] !== INSTRUMENT_NAME) continue;
    type[i] = TEXT;
    length[i] = 0;
  }
  return { ...score, metas: { ...score.metas, type, length } };
}

interface Report {
  readonly summary: ReturnType<typeof summary>;
  readonly calibration: ReturnType<typeof calibration>;
}

function text(report: Report): string {
  const figure = (value: number) => value.toFixed(3);
  const scores = table(
    [
      { title: "measure" },
      { title: "collection" },
      { title: "files", right: true },
      { title: "works", right: true },
      { title: "score", right: true },
      { title: "trivial", right: true },
      { title: "silent", right: true },
    ],
    report.summary.map((row) => [
      row.what,
      row.collection,
      `${row.files}`,
      `${row.compositions}`,
      figure(row.score),
      figure(row.trivial),
      figure(row.silent),
    ]),
    Number.POSITIVE_INFINITY,
  );
  const tenths = table(
    [
      { title: "confidence of" },
      { title: "tenth", right: true },
      { title: "count", right: true },
      { title: "said", right: true },
      { title: "right", right: true },
    ],
    report.calibration.map((row) => [
      row.what,
      `${(row.tenth / 10).toFixed(1)}`,
      `${row.count}`,
      figure(row.said),
      figure(row.right),
    ]),
    Number.POSITIVE_INFINITY,
  );
  return `${scores}\n\n${tenths}`;
}

if (import.meta.main) await runScript(script);

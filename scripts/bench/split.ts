#!/usr/bin/env bun
/**
 * How fast one thread splits a folder of MIDI files, beside a plain copy of the same parts.
 *
 *     bun scripts/bench.ts split [--source DIR] [--out DIR] [--rounds 5] [--json]
 *
 * The files are read into memory first; without `--source` they are generated songs. Every step runs once a round, in turn,
 * on the same disk; each figure is the median of N rounds. `memory` reads and splits in memory. `store` does all a run
 * does: read, split, hash, store. `again` splits what is stored already. `copy` writes the same parts, already made, into
 * one new folder a file.
 */
import { mkdirSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { runScript } from "../../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../../lib/cli/script.ts";
import { storeParts } from "../../lib/files/parts-folder.ts";
import { splitBytes } from "../../lib/jobs/split-bytes.ts";
import { createReader } from "../../lib/midi/read/reader.ts";
import { createSplitter } from "../../lib/midi/split/splitter.ts";
import { describeMachine } from "./machine.ts";
import { scratchFolder } from "./scratch.ts";
import { type SourceFile, sourceFiles, sourceFlag } from "./source.ts";
import { pairedRatio, type Spread, secondsText, spread } from "./spread.ts";

interface SplitBench {
  readonly machine: string;
  /** Files with several parts, the parts made of them, and the bytes of both. */
  readonly files: number;
  readonly parts: number;
  readonly sourceBytes: number;
  readonly partBytes: number;
  readonly seconds: { readonly [step in Step]: Spread };
  readonly filesPerSecond: number;
  readonly partsPerSecond: number;
  /** Time of a split over that of a plain copy of its parts, round by round. */
  readonly ratioToCopy: Spread;
}

type Step = "memory" | "store" | "again" | "copy";

interface Item {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

const HOW = { by: "auto", drumsByNote: false } as const;
const GENERATED = 500;

export const script = defineScript({
  name: "bench/split",
  description: "Splitting files into parts, one thread, beside a plain copy of the parts",
  flags: {
    ...sourceFlag,
    out: { type: "string", valueHint: "DIR", description: "Where parts are written; by default the temporary folder" },
    rounds: { type: "number", valueHint: "N", default: 5, least: 1, description: "Rounds over all files" },
    json: { type: "boolean", description: "One JSON object on stdout" },
  },
  async run({ source, out, rounds, json }, { stop }) {
    if (out && !statSync(out, { throwIfNoEntry: false })?.isDirectory()) {
      throw new UsageError(`--out is "${out}", expected a folder`);
    }
    const items = sourceFiles(source, GENERATED).map(item);
    const result = await measureSplit(items, scratchFolder(out), rounds, stop);
    if (result) process.stdout.write(`${json ? JSON.stringify(result) : report(result)}\n`);
  },
});

async function measureSplit(
  all: readonly Item[],
  folder: string,
  rounds: number,
  stop: AbortSignal,
): Promise<SplitBench | undefined> {
  const reader = createReader({ events: true });
  const splitter = createSplitter();
  const split = (item: Item) => splitter.split(reader.read(item.bytes), HOW);
  const items = all.filter((item) => isSplittable(() => split(item)));
  const parts = items.map((item) => split(item).map((part) => part.bytes.slice()));
  const seconds: Record<Step, number[]> = { memory: [], store: [], again: [], copy: [] };
  for (let round = 0; round < rounds; round++) {
    const out = mkdtempSync(join(folder, "split-"));
    const splitAll = () => items.map((item) => splitInto(out, item));
    const steps = {
      memory: () => items.map(split),
      store: splitAll,
      again: splitAll,
      copy: () => copyAll(folder, parts),
    };
    for (const [step, work] of Object.entries(steps) as [Step, () => unknown][]) {
      await Bun.sleep(0); // lets a signal in
      if (stop.aborted) return;
      seconds[step].push(timed(work));
    }
  }
  const count = parts.reduce((sum, of) => sum + of.length, 0);
  const of = { memory: spread(seconds.memory), store: spread(seconds.store), again: spread(seconds.again) };
  const over = pairedRatio(seconds.store, seconds.copy);
  return {
    machine: describeMachine(),
    files: items.length,
    parts: count,
    sourceBytes: items.reduce((sum, item) => sum + item.bytes.length, 0),
    partBytes: parts.flat().reduce((sum, bytes) => sum + bytes.length, 0),
    seconds: { ...of, copy: spread(seconds.copy) },
    filesPerSecond: items.length / of.store.median,
    partsPerSecond: count / of.store.median,
    ratioToCopy: { median: 1 + over.median, least: 1 + over.least, most: 1 + over.most },
  };
}

/** All that a run does for one file. */
function splitInto(out: string, item: Item): readonly string[] {
  const parts = splitBytes(item.bytes, HOW);
  const files = parts.map(({ fileName, bytes, sha256 }) => ({ name: fileName, bytes, sha256 }));
  return storeParts(out, { ...item, variant: "" }, files);
}

function timed(work: () => unknown): number {
  const start = Bun.nanoseconds();
  work();
  return (Bun.nanoseconds() - start) / 1e9;
}

function copyAll(within: string, parts: readonly (readonly Uint8Array[])[]): void {
  const folder = mkdtempSync(join(within, "copy-"));
  for (const [file, of] of parts.entries()) {
    mkdirSync(`${folder}/${file}`);
    for (const [part, bytes] of of.entries()) writeFileSync(`${folder}/${file}/${part}.mid`, bytes);
  }
}

function isSplittable(split: () => readonly unknown[]): boolean {
  try {
    return split().length > 0;
  } catch {
    return false;
  }
}

function item({ path, bytes }: SourceFile): Item {
  const sha256 = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  return { name: basename(path, extname(path)), bytes, sha256 };
}

function report({ machine, files, parts, sourceBytes, partBytes, seconds, ratioToCopy }: SplitBench): string {
  const line = (what: string, { median, least, most }: Spread) =>
    `${what.padEnd(24)} ${secondsText({ median, least, most }, 3)}  ${rate(files, median)} files/s, ${rate(parts, median)} parts/s`;
  const { median, least, most } = ratioToCopy;
  return [
    machine,
    `${files} files (${(sourceBytes / 1e6).toFixed(1)} MB), ${parts} parts (${(partBytes / 1e6).toFixed(1)} MB), one thread`,
    "",
    line("read and split in memory", seconds.memory),
    line("split", seconds.store),
    line("split again", seconds.again),
    line("plain copy of the parts", seconds.copy),
    `a split takes ${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)}) times as long as the copy`,
  ].join("\n");
}

function rate(count: number, seconds: number): string {
  return Math.round(count / seconds).toLocaleString("en-US");
}

if (import.meta.main) await runScript(script);

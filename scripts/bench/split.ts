#!/usr/bin/env bun
/**
 * How fast one thread splits a folder of MIDI files, beside a plain copy of the same parts.
 *
 *     bun scripts/bench/split.ts [--source FOLDER] [--out FOLDER] [--rounds N] [--json]
 *
 * The files are read into memory first; without `--source` they are generated. Every step runs once a round, in turn,
 * on the same disk; each figure is the best of N rounds (3). `cut` reads and cuts in memory. `split` does all a run
 * does: read, cut, hash, store. `again` splits what is stored already. `copy` writes the same parts, already cut, into
 * one new folder a file.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { parseArgs } from "node:util";
import { createCutter } from "../../lib/midi/cut.ts";
import { createReader } from "../../lib/midi/read.ts";
import { SmfWriter } from "../../lib/midi/write.ts";
import { splitBytes } from "../../lib/threads/split.ts";

export interface SplitBench {
  /** Files with several parts, the parts cut from them, and the bytes of both. */
  readonly files: number;
  readonly parts: number;
  readonly sourceBytes: number;
  readonly partBytes: number;
  readonly seconds: { readonly cut: number; readonly split: number; readonly again: number; readonly copy: number };
  readonly filesPerSecond: number;
  readonly partsPerSecond: number;
  /** Time of a split over that of a plain copy of its parts. */
  readonly ratioToCopy: number;
}

export interface SplitBenchOptions {
  readonly source?: string | undefined;
  /** Where the parts are written for the time of the bench; the system's temporary folder by default. */
  readonly out?: string | undefined;
  readonly rounds?: number;
}

interface Item {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

const HOW = { by: "auto", drumsByNote: false } as const;

function runSplitBench({ source, out = tmpdir(), rounds = 3 }: SplitBenchOptions = {}): SplitBench {
  const reader = createReader({ events: true });
  const cutter = createCutter();
  const cut = (item: Item) => cutter.cut(reader.read(item.bytes), HOW).parts;
  const items = (source === undefined ? generated() : inFolder(source)).filter((item) => isCuttable(() => cut(item)));
  const parts = items.map((item) => cut(item).map((part) => part.bytes.slice()));
  const folder = mkdtempSync(join(out, "midiworks-bench-"));
  const best = { cut: Infinity, split: Infinity, again: Infinity, copy: Infinity };
  try {
    for (let round = 0; round < rounds; round++) {
      const split = join(folder, `split-${round}`);
      const copy = join(folder, `copy-${round}`);
      const splitAll = () => items.map((item) => splitBytes(item.bytes, item, { ...HOW, out: split }));
      best.cut = Math.min(
        best.cut,
        seconds(() => items.map(cut)),
      );
      best.split = Math.min(best.split, seconds(splitAll));
      best.again = Math.min(best.again, seconds(splitAll));
      best.copy = Math.min(
        best.copy,
        seconds(() => copyAll(copy, parts)),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const count = parts.reduce((sum, of) => sum + of.length, 0);
  return {
    files: items.length,
    parts: count,
    sourceBytes: items.reduce((sum, item) => sum + item.bytes.length, 0),
    partBytes: parts.flat().reduce((sum, bytes) => sum + bytes.length, 0),
    seconds: best,
    filesPerSecond: items.length / best.split,
    partsPerSecond: count / best.split,
    ratioToCopy: best.split / best.copy,
  };
}

function seconds(work: () => unknown): number {
  const start = Bun.nanoseconds();
  work();
  return (Bun.nanoseconds() - start) / 1e9;
}

function copyAll(folder: string, parts: readonly (readonly Uint8Array[])[]): void {
  mkdirSync(folder);
  for (const [file, of] of parts.entries()) {
    mkdirSync(`${folder}/${file}`);
    for (const [part, bytes] of of.entries()) writeFileSync(`${folder}/${file}/${part}.mid`, bytes);
  }
}

function isCuttable(cut: () => readonly unknown[]): boolean {
  try {
    return cut().length > 0;
  } catch {
    return false;
  }
}

function inFolder(source: string): Item[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(midi?|kar|rmi)$/i.test(path))
    .map((path) => item(basename(path, extname(path)), readFileSync(join(source, path))));
}

function item(name: string, bytes: Uint8Array): Item {
  return { name, bytes, sha256: new Bun.CryptoHasher("sha256").update(bytes).digest("hex") };
}

/** 300 files of a conductor and 8 tracks of 250 notes each, no two alike. */
function generated(): Item[] {
  const writer = new SmfWriter();
  return Array.from({ length: 300 }, (_, file) => {
    writer.begin({ kind: "metrical", ticksPerQuarter: 480 });
    writer.openChunk();
    for (let beat = 0; beat < 40; beat++) writer.meta(beat * 480, 0x51, Uint8Array.of(7, 161, beat + (file % 200)));
    writer.closeChunk(60_000);
    for (let track = 0; track < 8; track++) {
      writer.openChunk();
      writer.channel(0, 0xc0 | track, (file + track * 16) & 127, 0);
      for (let note = 0; note < 250; note++) {
        const pitch = 36 + ((note * 7 + track * 5 + file) % 48);
        writer.channel(note * 240, 0x90 | track, pitch, 80);
        writer.channel(note * 240 + 200, 0x80 | track, pitch, 64);
      }
      writer.closeChunk(60_000);
    }
    return item(`generated ${file}`, writer.bytes().slice());
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      source: { type: "string" },
      out: { type: "string" },
      rounds: { type: "string", default: "3" },
      json: { type: "boolean" },
    },
  });
  const result = runSplitBench({ source: values.source, out: values.out, rounds: Number(values.rounds) });
  console.log(values.json ? JSON.stringify(result, null, 2) : report(result));
}

function report({ files, parts, sourceBytes, partBytes, seconds, ...rates }: SplitBench): string {
  const rate = (s: number) => `${Math.round(files / s)} files/s, ${Math.round(parts / s)} parts/s`;
  return [
    `${files} files (${(sourceBytes / 1e6).toFixed(1)} MB), ${parts} parts (${(partBytes / 1e6).toFixed(1)} MB)`,
    `read and cut in memory  ${rate(seconds.cut)}`,
    `split                   ${rate(seconds.split)}`,
    `split again             ${rate(seconds.again)}`,
    `plain copy of the parts ${rate(seconds.copy)}; a split takes ${rates.ratioToCopy.toFixed(2)} times that`,
  ].join("\n");
}

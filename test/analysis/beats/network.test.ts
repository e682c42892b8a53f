import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import createWabt from "wabt";
import { createBeatNetwork } from "../../../lib/analysis/beats/network.ts";
import { KERNEL } from "../../../lib/analysis/beats/network-kernel.ts";
import { onsets } from "../../../lib/analysis/beats/onsets.ts";
import type { Piece } from "../../../lib/analysis/piece/piece.ts";
import { pieceOf } from "../../support/piece-of.ts";
import { dance } from "../../support/tunes.ts";

test("KERNEL is network-kernel.wat, compiled", async () => {
  const source = readFileSync(join(import.meta.dir, "../../../lib/analysis/beats/network-kernel.wat"), "utf8");
  const wabt = await createWabt();
  const module = wabt.parseWat("network-kernel.wat", source, { simd: true });
  expect(Buffer.from(module.toBinary({}).buffer).toString("base64")).toBe(KERNEL);
});

const shifted = (piece: Piece, semitones: number): Piece => ({
  ...piece,
  pitch: piece.pitch.map((p) => p + semitones),
});

test("hear: transposition changes nothing", () => {
  const piece = pieceOf(dance(20, 3));
  const network = createBeatNetwork();
  const heard = network.hear(onsets(piece));
  for (const semitones of [-5, 1, 6]) expect(network.hear(onsets(shifted(piece, semitones)))).toEqual(heard);
});

test("hear: a long piece before leaves no trace, and a new network hears the same", () => {
  const short = onsets(pieceOf(dance(9, 3)));
  const network = createBeatNetwork();
  const first = network.hear(short);
  network.hear(onsets(pieceOf(dance(900, 4))));
  expect(network.hear(short)).toEqual(first);
  expect(createBeatNetwork().hear(short)).toEqual(first);
});

test("hear: bar lines of a plain dance stand out, and beats from what lies between", () => {
  const { beat, downbeat } = createBeatNetwork().hear(onsets(pieceOf(dance(24, 3))));
  const mean = (values: Float32Array, place: number) =>
    values.filter((_, i) => i % 3 === place).reduce((sum, value) => sum + value, 0) / (values.length / 3);
  expect(mean(downbeat, 0)).toBeGreaterThan(mean(downbeat, 1) + 1);
  expect(mean(downbeat, 0)).toBeGreaterThan(mean(downbeat, 2) + 1);
  expect(mean(beat, 0)).toBeGreaterThan(0);
});

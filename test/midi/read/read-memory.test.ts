import { expect, test } from "bun:test";
import { readMemory } from "../../../lib/midi/read/read-memory.ts";
import { createReader } from "../../../lib/midi/read/reader.ts";
import { concat, hex, smf } from "../../support/hex.ts";

/** Bytes of the buffers behind a score's columns, each once. */
function heldBytes(score: object): number {
  const buffers = new Set<ArrayBufferLike>();
  for (const columns of Object.values(score)) {
    if (columns === null || typeof columns !== "object") continue;
    const views = ArrayBuffer.isView(columns) ? [columns] : Object.values(columns).filter(ArrayBuffer.isView);
    for (const view of views) buffers.add((view as Uint8Array).buffer);
  }
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** A file of one track of notes under running status, 6 bytes each. */
function fileOf(notes: number): Uint8Array {
  const pair = [1, 60, 64, 1, 60, 0];
  const track = Uint8Array.from({ length: 6 * notes }, (_, i) => pair[i % 6]!);
  const chunk = concat(hex("00 B0 07 40 00 90 3C 40 00 3C 00"), track, hex("00 FF 2F 00"));
  return smf([concat(hex(`"MTrk" ${chunk.length.toString(16).padStart(8, "0")}`), chunk)]);
}

test("readMemory covers what the columns of a file of notes hold, with and without events", () => {
  const bytes = fileOf(200_000);
  for (const events of [false, true]) {
    const score = createReader({ events }).read(bytes);
    expect(score.notes.count).toBe(200_001);
    expect(heldBytes(score)).toBeLessThan(readMemory(bytes.length, { events }));
    expect(heldBytes(score)).toBeGreaterThan(bytes.length);
  }
});

import { expect, test } from "bun:test";
import { readMemory } from "../../../lib/midi/read/read-memory.ts";
import { createReader } from "../../../lib/midi/read/reader.ts";
import { midi } from "../../support/midi-builder.ts";

/** Bytes of the buffers behind a score's columns, each once. */
function heldBytes(score: object): number {
  const buffers = new Set<ArrayBufferLike>();
  for (const columns of Object.values(score)) {
    if (columns === null || typeof columns !== "object") continue;
    for (const column of [columns, ...Object.values(columns)])
      if (ArrayBuffer.isView(column)) buffers.add(column.buffer);
  }
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

test("readMemory covers what the columns of a file of notes hold, with and without events", () => {
  const track = midi({ runningStatus: true, endsAsVelocityZero: true }).track();
  for (let i = 0; i < 200_000; i++) track.note(i, 1, 60 + (i % 12));
  const bytes = track.bytes();
  for (const events of [false, true]) {
    const score = createReader({ events }).read(bytes);
    expect(score.notes.count).toBe(200_000);
    expect(heldBytes(score)).toBeLessThan(readMemory(bytes.length, { events }));
    expect(heldBytes(score)).toBeGreaterThan(bytes.length);
  }
});

import type { StudyHead } from "../../answers/piece.ts";
import { askBytes, type Passed } from "./api.ts";

/** A piece to look at and to listen to. Notes by their start, times in seconds. */
export interface Study extends Passed<Omit<StudyHead, "noteCount" | "controlCount" | "beatCount">> {
  readonly id: number;
  readonly notes: {
    readonly count: number;
    readonly start: Float32Array;
    readonly end: Float32Array;
    readonly pitch: Uint8Array;
    readonly velocity: Uint8Array;
    /** Index in `voices`. */
    readonly voice: Uint32Array;
  };
  readonly controls: {
    readonly count: number;
    readonly seconds: Float32Array;
    readonly port: Uint8Array;
    readonly status: Uint8Array;
    readonly data1: Uint8Array;
    readonly data2: Uint8Array;
  };
  readonly beats: { readonly seconds: Float64Array; readonly downbeat: Uint8Array } | null;
}

export async function askStudy(id: number, signal?: AbortSignal): Promise<Study> {
  return unpack(id, await askBytes(`/piece/${id}/study`, signal));
}

/** The columns are views onto the bytes as they came. */
function unpack(id: number, bytes: ArrayBuffer): Study {
  const length = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as Passed<StudyHead>;
  let at = 4 + length;
  const take = <T>(
    type: new (bytes: ArrayBuffer, from: number, count: number) => T,
    size: number,
    count: number,
  ): T => {
    at = Math.ceil(at / 8) * 8;
    const column = new type(bytes, at, count);
    at += count * size;
    return column;
  };
  const { noteCount: n, controlCount: c, beatCount: b, ...rest } = head;
  const notes = {
    count: n,
    start: take(Float32Array, 4, n),
    end: take(Float32Array, 4, n),
    pitch: take(Uint8Array, 1, n),
    velocity: take(Uint8Array, 1, n),
    voice: take(Uint32Array, 4, n),
  };
  const controls = {
    count: c,
    seconds: take(Float32Array, 4, c),
    port: take(Uint8Array, 1, c),
    status: take(Uint8Array, 1, c),
    data1: take(Uint8Array, 1, c),
    data2: take(Uint8Array, 1, c),
  };
  const beats = b < 0 ? null : { seconds: take(Float64Array, 8, b), downbeat: take(Uint8Array, 1, b) };
  return { ...rest, id, notes, controls, beats };
}

/** Index of the first value at or after `wanted` in an ascending column. */
export function firstAt(column: Float32Array | Float64Array, wanted: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

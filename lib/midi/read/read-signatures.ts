import type { BlobColumns, KeySignatureColumns, MeterColumns, TempoColumns } from "../score.ts";
import type { RepairLog } from "./repairs.ts";

export interface Signatures {
  readonly tempos: TempoColumns;
  readonly meters: MeterColumns;
  readonly keySignatures: KeySignatureColumns;
}

const TEMPO = 0x51;
const METER = 0x58;
const KEY = 0x59;
/** Lengths of other metas that the standard gives a form: sequence number, channel prefix, port, SMPTE offset. */
const LENGTHS: Readonly<Record<number, number>> = Object.freeze({ 0: 2, 32: 1, 33: 1, 84: 5 });
/** Metas that may be of any length, which most are. */
const PLAIN_TEXT = Uint8Array.from({ length: 256 }, (_, type) =>
  Number(type < 0x80 && !(type in LENGTHS) && type !== TEMPO && type !== METER && type !== KEY),
);
/** Denominators are powers of two; 2^7, the 128th note, is the shortest that notation has. */
const LARGEST_DENOMINATOR_POWER = 7;

/**
 * Tempo, meter and key signature events of all tracks (SMF 1.0, "Meta-Events"), each list by tick, at one tick in
 * file order. Senseless ones are left out and counted.
 */
export function readSignatures(bytes: Uint8Array, metas: BlobColumns, repairs: RepairLog): Signatures {
  const tempos: number[] = [];
  const meters: number[] = [];
  const keys: number[] = [];
  const { count, type } = metas;
  for (let i = 0; i < count; i++) {
    const kind = type[i]!;
    if (PLAIN_TEXT[kind] === 1) continue;
    if (kind === TEMPO) {
      if (isTempo(bytes, metas, i, repairs)) tempos.push(i);
    } else if (kind === METER) {
      if (isMeter(bytes, metas, i, repairs)) meters.push(i);
    } else if (kind === KEY) {
      if (isKey(bytes, metas, i, repairs)) keys.push(i);
    } else checkLength(kind, metas.length[i]!, repairs);
  }
  return {
    tempos: tempoColumns(bytes, metas, byTick(tempos, metas.tick)),
    meters: meterColumns(bytes, metas, byTick(meters, metas.tick)),
    keySignatures: keyColumns(bytes, metas, byTick(keys, metas.tick)),
  };
}

function checkLength(type: number, length: number, repairs: RepairLog): void {
  if (type >= 0x80) repairs.add("meta-above-127");
  // A sequence number may be left out (SMF 1.0): the place of the track counts.
  else if (length !== LENGTHS[type] && !(type === 0 && length === 0)) repairs.add("wrong-length-meta");
}

/** Checks the length; a longer meta is read by its first bytes, a shorter one is not read. */
function hasLength(length: number, least: number, usual: number, repairs: RepairLog): boolean {
  if (length !== usual) repairs.add("wrong-length-meta");
  return length >= least;
}

function isTempo(bytes: Uint8Array, metas: BlobColumns, i: number, repairs: RepairLog): boolean {
  if (!hasLength(metas.length[i]!, 3, 3, repairs)) return false;
  const at = metas.offset[i]!;
  if (bytes[at]! | bytes[at + 1]! | bytes[at + 2]!) return true;
  repairs.add("zero-tempo");
  return false;
}

function isMeter(bytes: Uint8Array, metas: BlobColumns, i: number, repairs: RepairLog): boolean {
  if (!hasLength(metas.length[i]!, 2, 4, repairs)) return false;
  const at = metas.offset[i]!;
  if (bytes[at] !== 0 && bytes[at + 1]! <= LARGEST_DENOMINATOR_POWER) return true;
  repairs.add("absurd-meter");
  return false;
}

function isKey(bytes: Uint8Array, metas: BlobColumns, i: number, repairs: RepairLog): boolean {
  if (!hasLength(metas.length[i]!, 2, 2, repairs)) return false;
  const at = metas.offset[i]!;
  const fifths = (bytes[at]! << 24) >> 24;
  if (fifths >= -7 && fifths <= 7 && bytes[at + 1]! <= 1) return true;
  repairs.add("absurd-key-signature");
  return false;
}

/** Tracks follow each other in the metas, so one track's events are in order; those of several may not be. */
function byTick(found: number[], tick: Uint32Array): number[] {
  for (let i = 1; i < found.length; i++) {
    if (tick[found[i]!]! < tick[found[i - 1]!]!) return found.sort((a, b) => tick[a]! - tick[b]! || a - b);
  }
  return found;
}

function tempoColumns(bytes: Uint8Array, metas: BlobColumns, found: number[]): TempoColumns {
  const count = found.length;
  const tick = new Uint32Array(count);
  const track = new Uint16Array(count);
  const microsecondsPerQuarter = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = metas.offset[found[i]!]!;
    tick[i] = metas.tick[found[i]!]!;
    track[i] = metas.track[found[i]!]!;
    microsecondsPerQuarter[i] = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
  }
  return { count, tick, track, microsecondsPerQuarter };
}

function meterColumns(bytes: Uint8Array, metas: BlobColumns, found: number[]): MeterColumns {
  const count = found.length;
  const tick = new Uint32Array(count);
  const track = new Uint16Array(count);
  const numerator = new Uint8Array(count);
  const denominator = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = metas.offset[found[i]!]!;
    tick[i] = metas.tick[found[i]!]!;
    track[i] = metas.track[found[i]!]!;
    numerator[i] = bytes[at]!;
    denominator[i] = 1 << bytes[at + 1]!;
  }
  return { count, tick, track, numerator, denominator };
}

function keyColumns(bytes: Uint8Array, metas: BlobColumns, found: number[]): KeySignatureColumns {
  const count = found.length;
  const tick = new Uint32Array(count);
  const track = new Uint16Array(count);
  const fifths = new Int8Array(count);
  const minor = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const at = metas.offset[found[i]!]!;
    tick[i] = metas.tick[found[i]!]!;
    track[i] = metas.track[found[i]!]!;
    fifths[i] = bytes[at]!;
    minor[i] = bytes[at + 1]!;
  }
  return { count, tick, track, fifths, minor };
}

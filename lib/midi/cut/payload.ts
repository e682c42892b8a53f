import type { SmfWriter } from "../write.ts";

const ANY = 0xff;
/** Length of a sound payload of each type; key signatures and sequence numbers are looked at one by one. */
const LENGTHS = new Uint8Array(0x80).fill(ANY);
for (const [type, length] of [
  [0x00, 0],
  [0x20, 1],
  [0x21, 1],
  [0x51, 3],
  [0x54, 5],
  [0x58, 4],
  [0x59, 0],
] as const) {
  LENGTHS[type] = length;
}

/** Writes a source's meta event, its payload put right if need be; nothing for one that makes no sense. */
export function writeMeta(
  writer: SmfWriter,
  tick: number,
  type: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): void {
  const sound = LENGTHS[type];
  if (sound === ANY || (sound === length && length > 0)) writer.meta(tick, type, bytes, offset, length);
  else {
    const payload = metaPayload(type, bytes.subarray(offset, offset + length));
    if (payload) writer.meta(tick, type, payload);
  }
}

const nothing = new Uint8Array(0);

/**
 * The payload a meta event is written with, or null for one that no reader can make sense of and that is left out.
 * Payloads of the length the standard says pass as they are; longer ones are cut, shorter ones filled as far as they
 * can be (SMF 1.0, "Meta-Events").
 */
export function metaPayload(type: number, payload: Uint8Array): Uint8Array | null {
  switch (type) {
    case 0x00:
      return payload.length === 0 ? nothing : exactly(payload, 2);
    case 0x20:
    case 0x21:
      return exactly(payload, 1);
    case 0x51:
      return exactly(payload, 3);
    case 0x54:
      return exactly(payload, 5);
    case 0x58:
      if (payload.length === 2 || payload.length === 3)
        return Uint8Array.of(payload[0]!, payload[1]!, payload[2] ?? 24, 8);
      return exactly(payload, 4);
    case 0x59:
      return isKey(payload) ? exactly(payload, 2) : null;
    default:
      return type < 0x80 ? payload : null;
  }
}

function exactly(payload: Uint8Array, length: number): Uint8Array | null {
  if (payload.length === length) return payload;
  return payload.length > length ? payload.subarray(0, length) : null;
}

/** Seven flats to seven sharps, major or minor. */
function isKey(payload: Uint8Array): boolean {
  const fifths = (payload[0]! << 24) >> 24;
  return payload.length >= 2 && fifths >= -7 && fifths <= 7 && payload[1]! <= 1;
}

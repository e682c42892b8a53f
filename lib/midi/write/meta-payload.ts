import type { SmfWriter } from "./smf-writer.ts";

/** Metas whose payload the standard gives a form (SMF 1.0, "Meta-Events"); all others are bytes of any number. */
const FORMED = new Uint8Array(256);
for (const type of [0x00, 0x20, 0x21, 0x51, 0x54, 0x58, 0x59]) FORMED[type] = 1;
FORMED.fill(1, 0x80);

/**
 * Writes a source's meta event, its payload put right if need be. One that no reader can make sense of is left out,
 * as the library's own reader leaves it out.
 */
export function writeMeta(
  writer: SmfWriter,
  tick: number,
  type: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): void {
  if (FORMED[type] === 0) writer.meta(tick, type, bytes, offset, length);
  else {
    const payload = formedPayload(type, bytes.subarray(offset, offset + length));
    if (payload) writer.meta(tick, type, payload);
  }
}

/** Payload of a formed meta: too long a one is shortened, too short a one filled as far as it can be; null for nonsense. */
function formedPayload(type: number, payload: Uint8Array): Uint8Array | null {
  switch (type) {
    case 0x00:
      return payload.length === 0 ? payload : exactly(payload, 2);
    case 0x20:
    case 0x21:
      return exactly(payload, 1);
    case 0x51:
      return payload.some((byte) => byte > 0) ? exactly(payload, 3) : null;
    case 0x54:
      return exactly(payload, 5);
    case 0x58:
      return meter(payload);
    case 0x59:
      return key(payload);
    default:
      return null;
  }
}

function exactly(payload: Uint8Array, length: number): Uint8Array | null {
  if (payload.length === length) return payload;
  return payload.length > length ? payload.subarray(0, length) : null;
}

/** Numerator, power of two of the denominator (the 128th at most), clocks of a click, 32nds of a quarter. */
function meter(payload: Uint8Array): Uint8Array | null {
  if (payload.length < 2 || payload[0] === 0 || payload[1]! > 7) return null;
  if (payload.length >= 4) return exactly(payload, 4);
  return Uint8Array.of(payload[0]!, payload[1]!, payload[2] ?? 24, 8);
}

/** Seven flats to seven sharps, major or minor. */
function key(payload: Uint8Array): Uint8Array | null {
  const fifths = (payload[0]! << 24) >> 24;
  return payload.length >= 2 && Math.abs(fifths) <= 7 && payload[1]! <= 1 ? exactly(payload, 2) : null;
}

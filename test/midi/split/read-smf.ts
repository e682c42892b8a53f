/** A strict reader of standard MIDI files, written apart from the library as a witness: it throws on whatever is not well formed. */

export interface SmfEvent {
  readonly tick: number;
  readonly track: number;
  /** Status byte; 0xFF for metas, whose type is the first of `data`. */
  readonly status: number;
  readonly data: readonly number[];
}

export interface Smf {
  readonly format: number;
  readonly division: number;
  /** Events in file order, without End of Track. */
  readonly tracks: readonly (readonly SmfEvent[])[];
  readonly endTicks: readonly number[];
}

const META_LENGTHS: Record<number, number> = { 32: 1, 33: 1, 47: 0, 81: 3, 84: 5, 88: 4, 89: 2 };

export function readSmf(bytes: Uint8Array): Smf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x4d546864 || view.getUint32(4) !== 6) throw new Error("no header");
  const format = view.getUint16(8);
  const count = view.getUint16(10);
  const tracks: SmfEvent[][] = [];
  const endTicks: number[] = [];
  let at = 14;
  for (let track = 0; track < count; track++) {
    if (view.getUint32(at) !== 0x4d54726b) throw new Error(`no track chunk at ${at}`);
    const end = at + 8 + view.getUint32(at + 4);
    if (end > bytes.length) throw new Error("track past the end");
    const { events, endTick } = readTrack(bytes.subarray(at + 8, end), track);
    tracks.push(events);
    endTicks.push(endTick);
    at = end;
  }
  if (at !== bytes.length) throw new Error("trailing bytes");
  if (format === 0 && count !== 1) throw new Error("format 0 with several tracks");
  return { format, division: view.getUint16(12), tracks, endTicks };
}

function readTrack(bytes: Uint8Array, track: number): { events: SmfEvent[]; endTick: number } {
  const events: SmfEvent[] = [];
  let at = 0;
  let tick = 0;
  let running = 0;
  const next = () => {
    const byte = bytes[at++];
    if (byte === undefined) throw new Error("event past the end of its track");
    return byte;
  };
  const data = () => {
    const byte = next();
    if (byte > 127) throw new Error(`data byte ${byte}`);
    return byte;
  };
  const quantity = () => {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const byte = next();
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
    throw new Error("number of more than four bytes");
  };
  const blob = () => {
    const length = quantity();
    return Array.from({ length }, next);
  };
  while (at < bytes.length) {
    tick += quantity();
    let status = next();
    if (status === 0xff) {
      const type = data();
      const payload = blob();
      running = 0;
      const wanted = META_LENGTHS[type];
      if (wanted !== undefined && payload.length !== wanted) throw new Error(`meta ${type} of ${payload.length} bytes`);
      if (type === 0x2f) {
        if (at !== bytes.length) throw new Error("events after End of Track");
        return { events, endTick: tick };
      }
      events.push({ tick, track, status, data: [type, ...payload] });
    } else if (status === 0xf0 || status === 0xf7) {
      running = 0;
      events.push({ tick, track, status, data: blob() });
    } else if (status > 0xf0) throw new Error(`status ${status}`);
    else {
      if (status < 0x80) {
        if (running === 0) throw new Error("data without status");
        status = running;
        at--;
      }
      running = status;
      const one = (status & 0xe0) === 0xc0;
      events.push({ tick, track, status, data: one ? [data()] : [data(), data()] });
    }
  }
  throw new Error("no End of Track");
}

/** Bytes of a file with one status byte an event. Events of a track must stand in order of their ticks. */
export function writeSmf(smf: Smf): Uint8Array {
  const bytes = [0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, smf.format, ...half(smf.tracks.length), ...half(smf.division)];
  smf.tracks.forEach((events, track) => {
    const body: number[] = [];
    let tick = 0;
    for (const event of events) {
      body.push(...quantityBytes(event.tick - tick), event.status);
      if (event.status === 0xff)
        body.push(event.data[0]!, ...quantityBytes(event.data.length - 1), ...event.data.slice(1));
      else if (event.status >= 0xf0) body.push(...quantityBytes(event.data.length), ...event.data);
      else body.push(...event.data);
      tick = event.tick;
    }
    body.push(...quantityBytes(smf.endTicks[track]! - tick), 0xff, 0x2f, 0);
    bytes.push(0x4d, 0x54, 0x72, 0x6b, ...half(body.length >>> 16), ...half(body.length & 0xffff));
    for (const byte of body) bytes.push(byte);
  });
  return Uint8Array.from(bytes);
}

function half(value: number): number[] {
  return [value >> 8, value & 255];
}

function quantityBytes(value: number): number[] {
  const bytes = [value & 127];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 127) | 128);
  return bytes;
}

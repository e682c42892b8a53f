import type { Division, EventColumns } from "../score.ts";

/** The largest number a variable-length quantity holds (SMF 1.0): four bytes of seven bits. */
const LONGEST_DELTA = 0x0fffffff;

/** Channel messages, one an entry, by rising tick. */
export type ChannelColumns = Pick<EventColumns, "tick" | "status" | "data1" | "data2">;

/**
 * Writes a standard MIDI file into one growing buffer: header, then chunk after chunk, events at absolute ticks that
 * never step back. Running status is used; a gap longer than a delta time can say is bridged by empty text events.
 * The buffer is kept from file to file: `bytes()` is a view that holds until the next `begin`.
 */
export class SmfWriter {
  #buffer = new Uint8Array(1 << 12);
  #at = 0;
  #tick = 0;
  #running = 0;
  #chunkAt = 0;
  #chunks = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#at;
  }

  /** Bytes of memory held. */
  get capacity(): number {
    return this.#buffer.length;
  }

  /** Tick of the last event in the open chunk. */
  get tick(): number {
    return this.#tick;
  }

  /** Begins a file. `format` is 0, 1 or 2. */
  begin(division: Division, format = 1): void {
    this.#at = 0;
    this.#chunks = 0;
    this.#room(14);
    this.#word(0x4d546864);
    this.#word(6);
    this.#word(format << 16);
    this.#half(divisionWord(division));
  }

  openChunk(): void {
    this.#room(8);
    this.#chunkAt = this.#at;
    this.#word(0x4d54726b);
    this.#word(0);
    this.#tick = 0;
    this.#running = 0;
    this.#chunks++;
  }

  /** Ends the open chunk with End of Track at `tick`, or at its last event if that is later. */
  closeChunk(tick: number): void {
    this.#delta(Math.max(tick, this.#tick));
    this.#room(3);
    this.#byte(0xff);
    this.#half(0x2f00);
    const end = this.#at;
    this.#at = this.#chunkAt + 4;
    this.#word(end - this.#chunkAt - 8);
    this.#at = end;
  }

  /** A channel message; `data2` is ignored for programs and channel pressure. */
  channel(tick: number, status: number, data1: number, data2: number): void {
    this.#delta(tick);
    const buffer = this.#buffer;
    if (status !== this.#running) buffer[this.#at++] = this.#running = status;
    buffer[this.#at++] = data1;
    if ((status & 0xe0) !== 0xc0) buffer[this.#at++] = data2;
  }

  /**
   * Channel messages `from` to `to` of columns, at their ticks: what `channel` does, many times. The dense loop.
   */
  channels(columns: ChannelColumns, from: number, to: number): void {
    this.#room((to - from) * 8);
    const { tick: ticks, status: statuses, data1, data2 } = columns;
    let buffer = this.#buffer;
    let at = this.#at;
    let tick = this.#tick;
    let running = this.#running;
    for (let i = from; i < to; i++) {
      const delta = ticks[i]! - tick;
      tick = ticks[i]!;
      if (delta < 0x80) buffer[at++] = delta;
      else if (delta < 0x4000) {
        buffer[at++] = 0x80 | (delta >> 7);
        buffer[at++] = delta & 0x7f;
      } else {
        this.#at = at;
        this.#tick = tick - delta;
        this.#running = running;
        this.#delta(tick);
        this.#room((to - i) * 8);
        buffer = this.#buffer;
        at = this.#at;
        running = this.#running;
      }
      const status = statuses[i]!;
      if (status !== running) buffer[at++] = running = status;
      buffer[at++] = data1[i]!;
      if ((status & 0xe0) !== 0xc0) buffer[at++] = data2[i]!;
    }
    this.#at = at;
    this.#tick = tick;
    this.#running = running;
  }

  /** A meta event, its payload the `length` bytes at `offset`. */
  meta(tick: number, type: number, bytes: Uint8Array, offset = 0, length = bytes.length): void {
    this.#delta(tick);
    this.#room(length + 8);
    this.#byte(0xff);
    this.#byte(type);
    this.#blob(bytes, offset, length);
  }

  /** System exclusive: `status` is 0xF0 (a message) or 0xF7 (an escape or a continued message). */
  sysex(tick: number, status: number, bytes: Uint8Array, offset = 0, length = bytes.length): void {
    this.#delta(tick);
    this.#room(length + 8);
    this.#byte(status);
    this.#blob(bytes, offset, length);
  }

  /** Whole chunks as another writer made them. */
  append(chunks: Uint8Array, count: number): void {
    this.#room(chunks.length);
    this.#buffer.set(chunks, this.#at);
    this.#at += chunks.length;
    this.#chunks += count;
  }

  /** The file, its track count filled in. */
  bytes(): Uint8Array {
    this.#buffer[10] = this.#chunks >> 8;
    this.#buffer[11] = this.#chunks & 255;
    return this.#buffer.subarray(0, this.#at);
  }

  /** The chunks alone, without the header. */
  chunks(): Uint8Array {
    return this.#buffer.subarray(14, this.#at);
  }

  #blob(bytes: Uint8Array, offset: number, length: number): void {
    this.#quantity(length);
    if (length > 32) this.#buffer.set(bytes.subarray(offset, offset + length), this.#at);
    else for (let i = 0; i < length; i++) this.#buffer[this.#at + i] = bytes[offset + i]!;
    this.#at += length;
    this.#running = 0;
  }

  /** Delta time up to `tick`; leaves room for a channel message behind it. */
  #delta(tick: number): void {
    let delta = tick - this.#tick;
    this.#tick = tick;
    if (this.#at + 8 > this.#buffer.length) this.#room(8);
    for (; delta > LONGEST_DELTA; delta -= LONGEST_DELTA) {
      this.#quantity(LONGEST_DELTA);
      this.#byte(0xff);
      this.#half(0x0100);
      this.#running = 0;
      this.#room(8);
    }
    if (delta < 0x80) this.#buffer[this.#at++] = delta;
    else this.#quantity(delta);
  }

  #quantity(value: number): void {
    if (value >= 0x200000) this.#byte(0x80 | (value >> 21));
    if (value >= 0x4000) this.#byte(0x80 | ((value >> 14) & 0x7f));
    if (value >= 0x80) this.#byte(0x80 | ((value >> 7) & 0x7f));
    this.#byte(value & 0x7f);
  }

  #byte(value: number): void {
    this.#buffer[this.#at++] = value;
  }

  #half(value: number): void {
    this.#buffer[this.#at++] = value >> 8;
    this.#buffer[this.#at++] = value;
  }

  #word(value: number): void {
    this.#half(value >>> 16);
    this.#half(value & 0xffff);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.#at + bytes));
    grown.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = grown;
  }
}

/** The header's division word: ticks per quarter note, or minus the frame rate over the ticks of a frame. */
function divisionWord(division: Division): number {
  if (division.kind === "metrical") return division.ticksPerQuarter;
  return ((256 - division.framesPerSecond) << 8) | division.ticksPerFrame;
}

/**
 * Builds real Standard MIDI Files for tests, event by event at absolute ticks:
 *
 *     midi({ division: 96 }).track("Bass").program(0, 33).note(0, 96, 40).track("Drums").note(0, 24, 36, { channel: 9 }).bytes()
 *
 * Events of a track may be added in any order. At one tick note ends come first, then everything but notes in the
 * order it was added, then note starts; a note of length 0 ends after it starts. `raw` puts any bytes anywhere.
 */
export function midi(options: FileOptions = {}): MidiBuilder {
  return new MidiBuilder(options);
}

export interface FileOptions {
  /** SMF format of the header; 1 unless given. */
  readonly format?: number;
  /** The header's division word: ticks per quarter note (480 unless given), or an SMPTE word such as 0xE728. */
  readonly division?: number;
  /** Leave out status bytes that repeat the one before. */
  readonly runningStatus?: boolean;
  /** Track count the header states, when it is to lie. */
  readonly statedTracks?: number;
  /** Write note ends as note-on with velocity 0. */
  readonly endsAsVelocityZero?: boolean;
}

export interface NoteOptions {
  readonly velocity?: number;
  /** 0 to 15; the channel last given to `channel()` unless given. */
  readonly channel?: number;
}

/** [start tick, length in ticks, pitch, velocity = 80] */
export type NoteRow = readonly [tick: number, length: number, pitch: number, velocity?: number];

export class MidiBuilder {
  readonly options: FileOptions;
  private readonly tracks: TrackBuilder[] = [];

  constructor(options: FileOptions) {
    this.options = options;
  }

  /** Begins a track; a name becomes its track name meta. */
  track(name?: string): TrackBuilder {
    const track = new TrackBuilder(this);
    this.tracks.push(track);
    return name === undefined ? track : track.text(0, 0x03, name);
  }

  bytes(): Uint8Array {
    const { format = 1, division = 480, statedTracks = this.tracks.length } = this.options;
    const header = chunk("MThd", [...uint16(format), ...uint16(statedTracks), ...uint16(division)]);
    return Uint8Array.from([...header, ...this.tracks.flatMap((track) => chunk("MTrk", track.events()))]);
  }
}

/** Rank of an event among others at its tick. */
const FIRST = 0;
const SECOND = 1;
const THIRD = 2;
const LAST = 3;

export class TrackBuilder {
  private readonly file: MidiBuilder;
  private readonly list: { tick: number; rank: number; bytes: readonly number[] }[] = [];
  private current = 0;
  private endTick: number | null = 0;

  constructor(file: MidiBuilder) {
    this.file = file;
  }

  /** The channel (0 to 15) of what follows. */
  channel(channel: number): this {
    this.current = channel;
    return this;
  }

  note(tick: number, length: number, pitch: number, { velocity = 80, channel = this.current }: NoteOptions = {}): this {
    const off = this.file.options.endsAsVelocityZero ? [0x90 | channel, pitch, 0] : [0x80 | channel, pitch, 64];
    this.add(tick, THIRD, [0x90 | channel, pitch, velocity]);
    return this.add(tick + length, length === 0 ? LAST : FIRST, off);
  }

  notes(rows: Iterable<NoteRow>, options: NoteOptions = {}): this {
    for (const [tick, length, pitch, velocity = options.velocity ?? 80] of rows)
      this.note(tick, length, pitch, { ...options, velocity });
    return this;
  }

  /** Several pitches struck together. */
  chord(tick: number, length: number, pitches: readonly number[], options: NoteOptions = {}): this {
    for (const pitch of pitches) this.note(tick, length, pitch, options);
    return this;
  }

  program(tick: number, program: number, channel = this.current): this {
    return this.add(tick, SECOND, [0xc0 | channel, program]);
  }

  controller(tick: number, controller: number, value: number, channel = this.current): this {
    return this.add(tick, SECOND, [0xb0 | channel, controller, value]);
  }

  /** Bank select: controller 0 (MSB), then 32 (LSB). */
  bank(tick: number, msb: number, lsb: number, channel = this.current): this {
    return this.controller(tick, 0, msb, channel).controller(tick, 32, lsb, channel);
  }

  /** Pitch bend, -8192 to 8191. */
  bend(tick: number, value: number, channel = this.current): this {
    return this.add(tick, SECOND, [0xe0 | channel, (value + 8192) & 0x7f, (value + 8192) >> 7]);
  }

  pressure(tick: number, value: number, channel = this.current): this {
    return this.add(tick, SECOND, [0xd0 | channel, value]);
  }

  polyPressure(tick: number, pitch: number, value: number, channel = this.current): this {
    return this.add(tick, SECOND, [0xa0 | channel, pitch, value]);
  }

  meta(tick: number, type: number, payload: Iterable<number> = []): this {
    const bytes = [...payload];
    return this.add(tick, SECOND, [0xff, type, ...variableLength(bytes.length), ...bytes]);
  }

  /** A text meta (types 1 to 15): UTF-8, or the bytes given. */
  text(tick: number, type: number, text: string | Iterable<number>): this {
    return this.meta(tick, type, typeof text === "string" ? new TextEncoder().encode(text) : text);
  }

  tempo(tick: number, bpm: number): this {
    const microseconds = Math.round(60e6 / bpm);
    return this.meta(tick, 0x51, [microseconds >> 16, (microseconds >> 8) & 0xff, microseconds & 0xff]);
  }

  meter(tick: number, numerator: number, denominator: number): this {
    return this.meta(tick, 0x58, [numerator, Math.log2(denominator), 24, 8]);
  }

  /** `fifths` -7 (flats) to 7 (sharps). */
  keySignature(tick: number, fifths: number, minor = false): this {
    return this.meta(tick, 0x59, [fifths & 0xff, minor ? 1 : 0]);
  }

  port(tick: number, port: number): this {
    return this.meta(tick, 0x21, [port]);
  }

  /** System exclusive: the bytes between F0 and F7, without both. */
  sysex(tick: number, payload: Iterable<number>): this {
    const bytes = [...payload, 0xf7];
    return this.add(tick, SECOND, [0xf0, ...variableLength(bytes.length), ...bytes]);
  }

  /** Event bytes as they are, status included, delta time excluded. */
  raw(tick: number, bytes: Iterable<number>): this {
    return this.add(tick, SECOND, [...bytes]);
  }

  /** The tick of End of Track, no earlier than the last event; null leaves End of Track out. */
  end(tick: number | null): this {
    this.endTick = tick;
    return this;
  }

  track(name?: string): TrackBuilder {
    return this.file.track(name);
  }

  bytes(): Uint8Array {
    return this.file.bytes();
  }

  /** The track's event bytes, delta times included. */
  events(): number[] {
    const out: number[] = [];
    let tick = 0;
    let running = -1;
    for (const event of this.list.toSorted((a, b) => a.tick - b.tick || a.rank - b.rank)) {
      out.push(...variableLength(event.tick - tick));
      tick = event.tick;
      const status = event.bytes[0]!;
      const repeats = this.file.options.runningStatus === true && status === running && status < 0xf0;
      running = status < 0xf0 ? status : -1;
      for (const byte of repeats ? event.bytes.slice(1) : event.bytes) out.push(byte);
    }
    if (this.endTick !== null) out.push(...variableLength(Math.max(0, this.endTick - tick)), 0xff, 0x2f, 0);
    return out;
  }

  private add(tick: number, rank: number, bytes: readonly number[]): this {
    this.list.push({ tick, rank, bytes });
    return this;
  }
}

function chunk(type: string, body: readonly number[]): number[] {
  return [...new TextEncoder().encode(type), ...uint16(body.length >>> 16), ...uint16(body.length & 0xffff)].concat(
    body,
  );
}

function uint16(value: number): [number, number] {
  return [(value >> 8) & 0xff, value & 0xff];
}

/** Variable-length quantity (SMF 1.0), most significant group first. */
function variableLength(value: number): number[] {
  const out = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) out.unshift((rest & 0x7f) | 0x80);
  return out;
}

/** Entries a reader keeps room for between files; what a larger file needed beyond is given back with the next one. */
const KEPT_ENTRIES = 1 << 18;

/** Zero bytes behind a copied file, so that the densest loop may read an event's bytes before it checks the end. */
const PADDING = 16;

/**
 * The buffers of one reader, filled file after file and grown as events arrive, never by what a file claims. A note
 * takes at least 3 bytes of a file, a controller 2, a meta 4, a system exclusive 3. What an entry takes in memory is
 * said in read-memory.ts.
 */
export class Columns {
  source = new Uint8Array(0);
  notes = 0;
  noteStart = new Uint32Array(0);
  noteEnd = new Uint32Array(0);
  pitch = new Uint8Array(0);
  velocity = new Uint8Array(0);
  noteChannel = new Uint8Array(0);
  noteTrack = new Uint16Array(0);
  /** The note struck next on the same channel and pitch while this one sounds; set only for notes that have one. */
  noteChain = new Int32Array(0);
  controls = 0;
  controlTick = new Uint32Array(0);
  controlTrack = new Uint16Array(0);
  controlStatus = new Uint8Array(0);
  controlData1 = new Uint8Array(0);
  controlData2 = new Uint8Array(0);
  readonly metas = new BlobBuffer();
  readonly sysex = new BlobBuffer();
  readonly events = new EventBuffer();
  readonly orphans = new OrphanBuffer();
  /** First and last sounding note of each channel and pitch (`channel << 7 | pitch`), -1 when none sounds. */
  readonly head = new Int32Array(2048).fill(-1);
  readonly tail = new Int32Array(2048);
  readonly keepEvents: boolean;
  /** Bytes of the file. */
  #size = 0;

  constructor(keepEvents: boolean) {
    this.keepEvents = keepEvents;
  }

  /** Forgets the last file, gives back what only a huge one needs, takes a padded copy of the bytes. */
  load(bytes: Uint8Array): void {
    const size = bytes.length + PADDING;
    if (this.source.length < size || (this.source.length > 8 * KEPT_ENTRIES && size <= 8 * KEPT_ENTRIES)) {
      this.source = new Uint8Array(Math.max(size, 1 << 16));
    }
    this.#size = bytes.length;
    this.source.set(bytes);
    this.source.fill(0, bytes.length, size);
    this.notes = 0;
    this.controls = 0;
    if (this.noteStart.length > KEPT_ENTRIES) this.#sizeNotes(0);
    if (this.controlTick.length > KEPT_ENTRIES) this.#sizeControls(0);
    this.metas.clear();
    this.sysex.clear();
    this.events.clear();
    this.orphans.clear();
  }

  /** Makes room for whatever the next `bytes` bytes of a track at `at` can hold. */
  reserve(bytes: number, at: number): void {
    const rest = this.#size > at ? this.#size / at : 1;
    const notes = this.notes + Math.ceil(bytes / 3) + 2;
    if (notes > this.noteStart.length) this.#sizeNotes(grown(this.noteStart.length, notes, rest));
    const controls = this.controls + (bytes >> 1) + 2;
    if (controls > this.controlTick.length) this.#sizeControls(grown(this.controlTick.length, controls, rest));
    this.metas.reserve((bytes >> 2) + 2, rest);
    this.sysex.reserve(Math.ceil(bytes / 3) + 2, rest);
    this.orphans.reserve(Math.ceil(bytes / 3) + 2, rest);
    if (this.keepEvents) this.events.reserve((bytes >> 1) + 2, rest);
  }

  #sizeNotes(size: number): void {
    const used = this.notes;
    this.noteStart = resized(this.noteStart, used, new Uint32Array(size));
    this.noteEnd = resized(this.noteEnd, used, new Uint32Array(size));
    this.pitch = resized(this.pitch, used, new Uint8Array(size));
    this.velocity = resized(this.velocity, used, new Uint8Array(size));
    this.noteChannel = resized(this.noteChannel, used, new Uint8Array(size));
    this.noteTrack = resized(this.noteTrack, used, new Uint16Array(size));
    this.noteChain = resized(this.noteChain, used, new Int32Array(size));
  }

  #sizeControls(size: number): void {
    const used = this.controls;
    this.controlTick = resized(this.controlTick, used, new Uint32Array(size));
    this.controlTrack = resized(this.controlTrack, used, new Uint16Array(size));
    this.controlStatus = resized(this.controlStatus, used, new Uint8Array(size));
    this.controlData1 = resized(this.controlData1, used, new Uint8Array(size));
    this.controlData2 = resized(this.controlData2, used, new Uint8Array(size));
  }
}

/** Metas or system exclusive messages: where their payload stands. */
export class BlobBuffer {
  count = 0;
  tick = new Uint32Array(0);
  track = new Uint16Array(0);
  type = new Uint8Array(0);
  offset = new Uint32Array(0);
  length = new Uint32Array(0);

  clear(): void {
    this.count = 0;
    if (this.tick.length > KEPT_ENTRIES) this.#size(0);
  }

  reserve(more: number, rest: number): void {
    const size = this.count + more;
    if (size > this.tick.length) this.#size(grown(this.tick.length, size, rest));
  }

  #size(size: number): void {
    this.tick = resized(this.tick, this.count, new Uint32Array(size));
    this.track = resized(this.track, this.count, new Uint16Array(size));
    this.type = resized(this.type, this.count, new Uint8Array(size));
    this.offset = resized(this.offset, this.count, new Uint32Array(size));
    this.length = resized(this.length, this.count, new Uint32Array(size));
  }

  push(tick: number, track: number, type: number, offset: number, length: number): void {
    const i = this.count++;
    this.tick[i] = tick;
    this.track[i] = track;
    this.type[i] = type;
    this.offset[i] = offset;
    this.length[i] = length;
  }
}

/** Every event of a file in order, for readers that keep them. */
class EventBuffer {
  count = 0;
  tick = new Uint32Array(0);
  track = new Uint16Array(0);
  status = new Uint8Array(0);
  data1 = new Uint8Array(0);
  data2 = new Uint8Array(0);
  /** Number of the meta or system exclusive message, 0 for channel messages. */
  blob = new Uint32Array(0);

  clear(): void {
    this.count = 0;
    if (this.tick.length > KEPT_ENTRIES) this.#size(0);
  }

  reserve(more: number, rest: number): void {
    const size = this.count + more;
    if (size > this.tick.length) this.#size(grown(this.tick.length, size, rest));
  }

  #size(size: number): void {
    this.tick = resized(this.tick, this.count, new Uint32Array(size));
    this.track = resized(this.track, this.count, new Uint16Array(size));
    this.status = resized(this.status, this.count, new Uint8Array(size));
    this.data1 = resized(this.data1, this.count, new Uint8Array(size));
    this.data2 = resized(this.data2, this.count, new Uint8Array(size));
    this.blob = resized(this.blob, this.count, new Uint32Array(size));
  }
}

/** Note-offs for which no note of their track sounds. */
export class OrphanBuffer {
  count = 0;
  tick = new Uint32Array(0);
  /** `channel << 7 | key` */
  slot = new Uint16Array(0);
  #starts: number[] = [];

  clear(): void {
    this.count = 0;
    this.#starts = [];
    if (this.tick.length > KEPT_ENTRIES) this.#size(0);
  }

  reserve(more: number, rest: number): void {
    const size = this.count + more;
    if (size > this.tick.length) this.#size(grown(this.tick.length, size, rest));
  }

  push(tick: number, slot: number): void {
    const i = this.count++;
    this.tick[i] = tick;
    this.slot[i] = slot;
  }

  /** Those that follow belong to the next track. */
  beginTrack(): void {
    this.#starts.push(this.count);
  }

  /** Where those of a track start and end. */
  range(track: number): readonly [start: number, end: number] {
    return [this.#starts[track]!, this.#starts[track + 1] ?? this.count];
  }

  #size(size: number): void {
    this.tick = resized(this.tick, this.count, new Uint32Array(size));
    this.slot = resized(this.slot, this.count, new Uint16Array(size));
  }
}

/** From this size on columns grow by what the file has shown so far, not by doubling. */
const LARGE = 1 << 20;

/**
 * Entries to make room for: twice as many, or for a large column as many as the whole file has if it goes on as it
 * began; `rest` is the size of the file over what was read of it. So a huge file's columns are copied once or twice.
 */
function grown(size: number, needed: number, rest: number): number {
  if (needed < LARGE) return Math.max(needed, 2 * size, 1 << 12);
  return Math.ceil(Math.max(needed, 1.25 * size, Math.min(1.03 * needed * rest, 16 * size)));
}

function resized<T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(from: T, used: number, to: T): T {
  to.set(from.subarray(0, used));
  return to;
}

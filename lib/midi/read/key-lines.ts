import type { ControlColumns, NoteColumns, Track } from "../score.ts";
import type { OrphanBuffer } from "./columns.ts";

/** End of a note that nothing in its own track ends, until its end is settled. */
export const UNSETTLED = 0xffffffff;

/** What happens on one key of one channel, as ascending ticks. */
export interface KeyLine {
  readonly strikes: Uint32Array;
  /** Note-offs, orphaned ones included. */
  readonly ends: Uint32Array;
  /** Controllers of its channel that silence all notes. */
  readonly silences: Uint32Array;
}

/** The notes of one key in one track: numbers in the columns, by tick. */
interface KeyNotes {
  readonly slot: number;
  readonly own: Int32Array;
}

interface Source {
  readonly notes: NoteColumns;
  readonly controls: ControlColumns;
  readonly orphans: OrphanBuffer;
}

/** Channel and key in one number, `channel << 7 | key`. */
const SLOTS = 16 * 128;

/**
 * Gathers, for tracks that sound together, what happens on the keys on which some note has no end. Other keys cost
 * nothing; a note on such a key costs 16 bytes.
 */
export class KeyLines {
  readonly #source: Source;
  /** Number of the line of each slot, -1 for slots on which every note ends. */
  readonly #lineOf = new Int32Array(SLOTS).fill(-1);
  #slots: number[] = [];
  #lines: KeyLine[] = [];
  #tracks: readonly Track[] = [];
  /** Notes on the lines, in the order of the columns. */
  #found = new Int32Array(0);
  /** Ticks of adopted note-offs, by slot: `tick * SLOTS + slot`. */
  readonly #adopted = new Set<number>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** Begins a line for each key of the track that has a note without an end. */
  open({ noteStart, noteEnd }: Track): void {
    const { endTick, channel, pitch } = this.#source.notes;
    for (let n = noteStart; n < noteEnd; n++) {
      if (endTick[n] !== UNSETTLED) continue;
      const slot = (channel[n]! << 7) | pitch[n]!;
      if (this.#lineOf[slot]! < 0) this.#lineOf[slot] = this.#slots.push(slot) - 1;
    }
  }

  /** Fills the open lines from all `tracks` that sound together. */
  collect(tracks: readonly Track[]): void {
    this.#tracks = tracks;
    this.#found = this.#notesOnLines();
    const { strikes, ends } = this.#counts();
    const silences = this.#silences();
    this.#lines = this.#slots.map((slot, line) => ({
      strikes: new Uint32Array(strikes[line]!),
      ends: new Uint32Array(ends[line]!),
      silences: silences[slot >> 7]!,
    }));
    this.#fill(strikes, ends);
  }

  of(slot: number): KeyLine {
    return this.#lines[this.#lineOf[slot]!]!;
  }

  /** The notes of a track on keys with lines, key by key. */
  *notesOf({ noteStart, noteEnd }: Track): Generator<KeyNotes> {
    const all = this.#found;
    const own = all.subarray(lowerBound(all, noteStart), lowerBound(all, noteEnd));
    const next = new Uint32Array(this.#slots.length + 1);
    for (const n of own) next[this.#lineOfNote(n) + 1]!++;
    for (let line = 0; line < this.#slots.length; line++) next[line + 1]! += next[line]!;
    const order = new Int32Array(own.length);
    for (const n of own) order[next[this.#lineOfNote(n)]!++] = n;
    // Each entry of `next` now stands where its line ends.
    for (const [line, slot] of this.#slots.entries()) {
      const start = line === 0 ? 0 : next[line - 1]!;
      if (next[line]! > start) yield { slot, own: order.subarray(start, next[line]!) };
    }
  }

  /** Takes down that a note ends at another track's note-off of `slot` at `tick`. */
  adopt(slot: number, tick: number): void {
    this.#adopted.add(tick * SLOTS + slot);
  }

  /** Forgets the lines. Answers with how many orphaned note-offs were adopted. */
  close(): number {
    const { tick, slot } = this.#source.orphans;
    let count = 0;
    if (this.#adopted.size > 0) {
      for (const i of this.#orphansOnLines()) if (this.#adopted.has(tick[i]! * SLOTS + slot[i]!)) count++;
    }
    for (const open of this.#slots) this.#lineOf[open] = -1;
    this.#slots = [];
    this.#adopted.clear();
    return count;
  }

  #lineOfNote(n: number): number {
    const { channel, pitch } = this.#source.notes;
    return this.#lineOf[(channel[n]! << 7) | pitch[n]!]!;
  }

  #notesOnLines(): Int32Array<ArrayBuffer> {
    const { channel, pitch } = this.#source.notes;
    const lineOf = this.#lineOf;
    let found = new Int32Array(1024);
    let count = 0;
    for (const { noteStart, noteEnd } of this.#tracks) {
      for (let n = noteStart; n < noteEnd; n++) {
        if (lineOf[(channel[n]! << 7) | pitch[n]!]! < 0) continue;
        if (count === found.length) found = doubled(found);
        found[count++] = n;
      }
    }
    return found.subarray(0, count);
  }

  *#orphansOnLines(): Generator<number> {
    const { orphans } = this.#source;
    for (const { index } of this.#tracks) {
      const [start, end] = orphans.range(index);
      for (let i = start; i < end; i++) if (this.#lineOf[orphans.slot[i]!]! >= 0) yield i;
    }
  }

  /** How many strikes and ends each line has. */
  #counts(): { strikes: Uint32Array; ends: Uint32Array } {
    const { endTick } = this.#source.notes;
    const strikes = new Uint32Array(this.#slots.length);
    const ends = new Uint32Array(this.#slots.length);
    for (const n of this.#found) {
      const line = this.#lineOfNote(n);
      strikes[line]!++;
      if (endTick[n] !== UNSETTLED) ends[line]!++;
    }
    for (const i of this.#orphansOnLines()) ends[this.#lineOf[this.#source.orphans.slot[i]!]!]!++;
    return { strikes, ends };
  }

  /** Fills the lines, whose lengths are counted down to 0, and sorts them. */
  #fill(strikes: Uint32Array, ends: Uint32Array): void {
    const { notes, orphans } = this.#source;
    for (const n of this.#found) {
      const line = this.#lineOfNote(n);
      const to = this.#lines[line]!;
      to.strikes[--strikes[line]!] = notes.startTick[n]!;
      if (notes.endTick[n] !== UNSETTLED) to.ends[--ends[line]!] = notes.endTick[n]!;
    }
    for (const i of this.#orphansOnLines()) {
      const line = this.#lineOf[orphans.slot[i]!]!;
      this.#lines[line]!.ends[--ends[line]!] = orphans.tick[i]!;
    }
    for (const line of this.#lines) {
      line.strikes.sort();
      line.ends.sort();
    }
  }

  /** Ticks, by channel, at which all notes of the channel end. */
  #silences(): Uint32Array[] {
    const { status, data1, tick } = this.#source.controls;
    const found: number[][] = Array.from({ length: 16 }, () => []);
    for (const { controlStart, controlEnd } of this.#tracks) {
      for (let i = controlStart; i < controlEnd; i++) {
        if (data1[i]! >= 120 && (status[i]! & 0xf0) === 0xb0 && silencesAll(data1[i]!)) {
          found[status[i]! & 15]!.push(tick[i]!);
        }
      }
    }
    return found.map((ticks) => Uint32Array.from(ticks).sort());
  }
}

/** All sound off; all notes off, and the modes omni off and on, mono and poly, which imply it. */
function silencesAll(controller: number): boolean {
  return controller === 120 || controller >= 123;
}

function doubled(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(2 * from.length);
  to.set(from);
  return to;
}

/** Place of the first of ascending numbers that is not below `value`. */
function lowerBound(ascending: Int32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}

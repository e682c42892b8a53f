import type { BlobColumns, ControlColumns, NoteColumns, Track } from "../score.ts";
import { trackPorts } from "../track-ports.ts";
import type { OrphanBuffer } from "./columns.ts";
import { KeyLines, UNSETTLED } from "./key-lines.ts";
import type { RepairLog } from "./repairs.ts";

/** What was read of a file in which some notes have no end. */
export interface UnsettledScore {
  readonly format: number;
  readonly tracks: readonly Track[];
  readonly notes: NoteColumns;
  readonly controls: ControlColumns;
  readonly metas: BlobColumns;
  readonly bytes: Uint8Array;
  readonly orphans: OrphanBuffer;
}

/** What is left when all ends are settled. */
export interface SettledEnds {
  /** Tick at which the last note of the tracks that were open ends. */
  readonly lastEnd: number;
  /** Notes that nothing ends: they end with their track. */
  readonly unended: number;
  /** Note-offs at which a note of another track ends: orphans no more. */
  readonly adopted: number;
}

/**
 * Ends the notes that have no note-off of their own where a player ends them.
 *
 * Notes pair first on, first off, by track, channel and key. Where notes of one key overlap and have fewer offs than
 * ons, they are paired anew, as a synthesizer with one voice a key plays them (FluidSynth, spessasynth): each ends at
 * the next note-off of its key, the next strike of its key, or the next controller 120 or 123 to 127 of its channel
 * (MIDI 1.0, "Channel Mode Messages"), in whatever track of its port; in a format 2 file in its own track alone. Only
 * later ticks count, so that notes doubled at one tick end together. A note that none of these ends ends with its
 * track. Notes outside such a stretch are never touched. `open` holds the numbers of the tracks that need it.
 */
export function settleEnds(score: UnsettledScore, open: readonly number[], repairs: RepairLog): SettledEnds {
  const { tracks, notes } = score;
  const lines = new KeyLines(score);
  const counts: Counts = { unended: 0, doubled: 0, silenced: 0, elsewhere: 0 };
  let adopted = 0;
  for (const { together, unsettled } of groups(score, open)) {
    for (const track of unsettled) lines.open(track);
    lines.collect(together);
    for (const track of unsettled) {
      for (const { slot, own } of lines.notesOf(track)) settleKey(score, track, own, lines, slot, counts);
    }
    adopted += lines.close();
  }
  repairs.add("doubled-note-on", counts.doubled);
  repairs.add("all-notes-off", counts.silenced);
  repairs.add("note-off-in-other-track", counts.elsewhere);
  let lastEnd = 0;
  for (const index of open) {
    const { noteStart, noteEnd } = tracks[index]!;
    for (let n = noteStart; n < noteEnd; n++) if (notes.endTick[n]! > lastEnd) lastEnd = notes.endTick[n]!;
  }
  return { lastEnd, unended: counts.unended, adopted };
}

/** Tracks that sound together, and those of them in which notes have no end. */
interface Group {
  readonly together: readonly Track[];
  readonly unsettled: readonly Track[];
}

function groups(score: UnsettledScore, open: readonly number[]): Group[] {
  const { tracks, format } = score;
  if (format === 2) return open.map((index) => ({ together: [tracks[index]!], unsettled: [tracks[index]!] }));
  const ports = trackPorts(score);
  const byPort = Map.groupBy(open, (index) => ports[index]!);
  return Array.from(byPort, ([port, indices]) => ({
    together: tracks.filter(({ index }) => ports[index] === port),
    unsettled: indices.map((index) => tracks[index]!),
  }));
}

interface Counts {
  unended: number;
  doubled: number;
  silenced: number;
  elsewhere: number;
}

/** Settles the notes of one key in one track; `own` holds their numbers by tick, those without an end last. */
function settleKey(
  { notes: { startTick, endTick } }: UnsettledScore,
  track: Track,
  own: Int32Array,
  lines: KeyLines,
  slot: number,
  counts: Counts,
): void {
  const ended = endedCount(endTick, own);
  if (ended === own.length) return;
  const first = stretchStart(startTick, endTick, own, ended);
  const offs = Uint32Array.from(own.subarray(first, ended), (n) => endTick[n]!);
  const { strikes, ends, silences } = lines.of(slot);
  let lastOff = -1;
  for (const n of own.subarray(first)) {
    const start = startTick[n]!;
    const off = indexAfter(offs, start);
    const anyOff = firstAfter(ends, start);
    const silence = firstAfter(silences, start);
    const end = Math.min(anyOff, silence, firstAfter(strikes, start));
    endTick[n] = end === UNSETTLED ? track.endTick : end;
    if (end === UNSETTLED) counts.unended++;
    else if (end === offs[off]) {
      if (off === lastOff) counts.doubled++;
      lastOff = off;
    } else if (end === anyOff) {
      counts.elsewhere++;
      lines.adopt(slot, end);
    } else if (end === silence) counts.silenced++;
    else counts.doubled++;
  }
}

/** How many of the notes have an end; the others are the last ones. */
function endedCount(endTick: Uint32Array, own: Int32Array): number {
  let ended = own.length;
  while (ended > 0 && endTick[own[ended - 1]!] === UNSETTLED) ended--;
  return ended;
}

/** Where the notes begin that overlap without a gap up to those that never end: a place in `own`. */
function stretchStart(startTick: Uint32Array, endTick: Uint32Array, own: Int32Array, ended: number): number {
  let at = ended;
  while (at > 0 && endTick[own[at - 1]!]! > startTick[own[at]!]!) at--;
  return at;
}

/** The first of ascending ticks behind `tick`, UNSETTLED without one. */
function firstAfter(ticks: Uint32Array, tick: number): number {
  return ticks[indexAfter(ticks, tick)] ?? UNSETTLED;
}

function indexAfter(ticks: Uint32Array, tick: number): number {
  let low = 0;
  let high = ticks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ticks[middle]! > tick) high = middle;
    else low = middle + 1;
  }
  return low;
}

import type { Score } from "../../midi/score.ts";

/**
 * A format 2 file holds "sequentially independent single-track patterns" (SMF 1.0, "Formats 0, 1, and 2"): they do not sound
 * together. Their music is taken one pattern after the other, each from the end of the one before and in its own tempo and
 * meter: 120 quarters a minute and 4/4 where others name some and it names none. Other files come back as they are.
 */
export function inSequence(score: Score): Score {
  const { notes, tracks } = score;
  if (score.format !== 2 || tracks.length < 2) return score;
  const starts = startTicks(score);
  const shift: Shift = (ticks, of) => ticks.map((tick, i) => Math.min(LAST_TICK, tick + starts[of[i]!]!));
  const endTick = shift(notes.endTick, notes.track);
  return {
    ...score,
    tracks: tracks.map((track, t) => ({ ...track, endTick: starts[t]! + track.endTick })),
    notes: { ...notes, startTick: shift(notes.startTick, notes.track), endTick },
    controls: { ...score.controls, tick: shift(score.controls.tick, score.controls.track) },
    metas: { ...score.metas, tick: shift(score.metas.tick, score.metas.track) },
    sysex: { ...score.sysex, tick: shift(score.sysex.tick, score.sysex.track) },
    tempos: tempos(score, starts),
    meters: meters(score, starts),
    keySignatures: keySignatures(score, starts),
    endTick: starts[tracks.length]!,
    lastNoteEndTick: endTick.reduce((last, tick) => Math.max(last, tick), 0),
  };
}

type Shift = (ticks: Uint32Array, tracks: Uint16Array) => Uint32Array;

const LAST_TICK = 0xffffffff;

/** Where each pattern starts, then where the last one ends. */
function startTicks({ tracks }: Score): number[] {
  const starts = [0];
  for (const { endTick } of tracks) starts.push(Math.min(LAST_TICK, starts[starts.length - 1]! + endTick));
  return starts;
}

const DEFAULT_MICROSECONDS_PER_QUARTER = 500_000;

function tempos({ tempos }: Score, starts: readonly number[]): Score["tempos"] {
  const rows = inOrder(tempos, starts, [DEFAULT_MICROSECONDS_PER_QUARTER], (i) => [tempos.microsecondsPerQuarter[i]!]);
  return { ...placed(rows), microsecondsPerQuarter: Uint32Array.from(rows, ({ values }) => values[0]!) };
}

function meters({ meters }: Score, starts: readonly number[]): Score["meters"] {
  const rows = inOrder(meters, starts, [4, 4], (i) => [meters.numerator[i]!, meters.denominator[i]!]);
  return {
    ...placed(rows),
    numerator: Uint8Array.from(rows, ({ values }) => values[0]!),
    denominator: Uint32Array.from(rows, ({ values }) => values[1]!),
  };
}

function keySignatures({ keySignatures: keys }: Score, starts: readonly number[]): Score["keySignatures"] {
  const rows = inOrder(keys, starts, null, (i) => [keys.fifths[i]!, keys.minor[i]!]);
  return {
    ...placed(rows),
    fifths: Int8Array.from(rows, ({ values }) => values[0]!),
    minor: Uint8Array.from(rows, ({ values }) => values[1]!),
  };
}

interface Row {
  readonly tick: number;
  readonly track: number;
  readonly values: readonly number[];
}

interface Columns {
  readonly count: number;
  readonly tick: Uint32Array;
  readonly track: Uint16Array;
}

/** The events of one pattern after those of the other; a pattern that starts without one gets `standard` when any has one. */
function inOrder(
  of: Columns,
  starts: readonly number[],
  standard: readonly number[] | null,
  values: (i: number) => number[],
): Row[] {
  const rows: Row[][] = starts.map(() => []);
  for (let i = 0; i < of.count; i++) {
    const track = of.track[i]!;
    rows[track]!.push({ tick: Math.min(LAST_TICK, of.tick[i]! + starts[track]!), track, values: values(i) });
  }
  const patterns = rows.slice(0, -1);
  if (standard !== null && of.count > 0)
    for (const [track, pattern] of patterns.entries())
      if (pattern[0]?.tick !== starts[track]) pattern.unshift({ tick: starts[track]!, track, values: standard });
  return patterns.flat();
}

function placed(rows: readonly Row[]) {
  return {
    count: rows.length,
    tick: Uint32Array.from(rows, ({ tick }) => tick),
    track: Uint16Array.from(rows, ({ track }) => track),
  };
}

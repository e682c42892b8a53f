import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import type { MeterFeature } from "./meter.ts";

/**
 * How long the piece is. Readers disagree in a quarter of all files, so both ends are given: the latest End of Track
 * (mido, midly, Java) and the end of the last note (@tonejs/midi, miditoolkit, partitura).
 */
export interface DurationFeature {
  readonly endTicks: number;
  readonly endSeconds: number;
  /** Bars up to End of Track, the broken one at the end in parts; null without a meter or beats that keep to the grid. */
  readonly endBars: number | null;
  /** 0 without notes, as are the next two. */
  readonly lastNoteEndTicks: number;
  readonly lastNoteEndSeconds: number;
  readonly lastNoteEndBars: number | null;
  readonly firstNoteSeconds: number | null;
  /** Quarters sounding before the first bar line when the piece begins within a bar (anacrusis), 0 when it does not; null when unknown. */
  readonly pickupQuarters: number | null;
}

export function duration(piece: Piece, meter: MeterFeature | null, onGrid: boolean): DurationFeature {
  const { endTick, lastNoteEndTick } = piece.score;
  const known = meter !== null && onGrid;
  return {
    endTicks: endTick,
    endSeconds: round(piece.time.secondsAt(endTick), 4),
    endBars: known ? bars(piece, meter, endTick) : null,
    lastNoteEndTicks: lastNoteEndTick,
    lastNoteEndSeconds: round(piece.time.secondsAt(lastNoteEndTick), 4),
    lastNoteEndBars: known ? bars(piece, meter, lastNoteEndTick) : null,
    firstNoteSeconds: piece.count > 0 ? round(piece.startSeconds[0]!, 4) : null,
    pickupQuarters: known && piece.count > 0 ? pickup(piece, meter) : null,
  };
}

/** End of Track counts as the end of the music when it stands no further behind the last note's end. */
const MOST_REST_BARS = 2;
/** A stated bar longer than this says nothing of where the music ends. */
const LONGEST_BAR_QUARTERS = 12;

/**
 * Tick at which the piece is over: the latest End of Track where it stands within two bars of the last note's end, as
 * loops and full last bars have it, else the last note's end. Without notes End of Track.
 */
export function pieceEndTick({ score, ticksPerQuarter, count }: Piece, meter: MeterFeature | null): number {
  const { endTick, lastNoteEndTick } = score;
  if (count === 0) return endTick;
  const quarters = meter === null ? 4 : (4 * meter.numerator) / meter.denominator;
  const rest = MOST_REST_BARS * Math.min(quarters, LONGEST_BAR_QUARTERS) * ticksPerQuarter;
  return endTick - lastNoteEndTick <= rest ? Math.max(endTick, lastNoteEndTick) : lastNoteEndTick;
}

/** Bars up to `tick`: from tick 0 under each stated signature in turn, or from the bar line that was found. */
function bars(piece: Piece, meter: MeterFeature, tick: number): number {
  const whole = 4 * piece.ticksPerQuarter;
  if (meter.source === "estimated") {
    const pickup = piece.count > 0 && piece.startTick[0]! < meter.firstDownbeatTick ? 1 : 0;
    const bar = (whole * meter.numerator) / meter.denominator;
    return Math.round((pickup + Math.max(0, tick - meter.firstDownbeatTick) / bar) * 100) / 100;
  }
  const { changes } = meter;
  let sum = 0;
  let [at, bar] = [0, (whole * changes[0]!.numerator) / changes[0]!.denominator];
  for (const change of changes) {
    const until = Math.min(change.tick, tick);
    // A signature that breaks a bar off starts a new one (a pickup bar counts as one bar).
    sum += Math.ceil(Math.max(0, until - at) / bar - 1e-6);
    at = Math.max(at, until);
    bar = (whole * change.numerator) / change.denominator;
  }
  return Math.round((sum + Math.max(0, tick - at) / bar) * 100) / 100;
}

function pickup(piece: Piece, meter: MeterFeature): number {
  const first = piece.startTick[0]!;
  const bar = (4 * piece.ticksPerQuarter * meter.numerator) / meter.denominator;
  const next = meter.firstDownbeatTick + Math.ceil((first - meter.firstDownbeatTick) / bar - 1e-3) * bar;
  const quarters = (next - first) / piece.ticksPerQuarter;
  // More than half a bar before the line is a bar that opens with a rest.
  return quarters * piece.ticksPerQuarter > bar / 2 + 1e-6 ? 0 : Math.max(0, Math.round(quarters * 100) / 100);
}

import type { PerformedFeature } from "../beats/performed.ts";
import type { Pulse } from "../beats/pulse.ts";
import type { Piece } from "../piece/piece.ts";
import type { MeterChange, Signature } from "./meter.ts";

/** What the time signature metas say, and whether they can be meant. */
export interface MeterMetas {
  /** The signature that holds longest, in ticks of the music. */
  readonly main: Signature;
  readonly believed: boolean;
  /** How often such metas are right, 0 to 1. */
  readonly confidence: number;
  readonly firstDownbeatTick: number;
  /** Real changes in order, the first one included; repeats of the same signature are left out. */
  readonly changes: readonly MeterChange[];
}

/** Null when the file states no time signature. */
export function meterMetas(piece: Piece, pulse: Pulse | null, p: PerformedFeature): MeterMetas | null {
  const changes = signatures(piece);
  if (changes.length === 0) return null;
  const main = longest(piece, changes);
  const recorded = pulse?.source === "tracked" || (pulse === null && p.performed === true);
  const unset = recorded && changes.length === 1 && main.numerator === 4 && main.denominator === 4;
  const believed = main.numerator > 1 && main.denominator <= 64 && main.numerator <= 32 && !unset;
  return {
    main: { numerator: main.numerator, denominator: main.denominator },
    believed,
    confidence: recorded ? 0.6 : changes.length === 1 && main.numerator === 4 && main.denominator === 4 ? 0.8 : 0.9,
    firstDownbeatTick: firstDownbeat(piece, changes),
    changes,
  };
}

function signatures(piece: Piece): MeterChange[] {
  const { meters } = piece.score;
  const changes: MeterChange[] = [];
  for (let i = 0; i < meters.count; i++) {
    const tick = meters.tick[i]!;
    const numerator = meters.numerator[i]!;
    const denominator = meters.denominator[i]!;
    if (numerator === 0 || denominator === 0) continue;
    const last = changes.at(-1);
    if (last?.tick === tick) changes.pop();
    const before = changes.at(-1);
    if (before?.numerator === numerator && before.denominator === denominator) continue;
    changes.push({ tick, seconds: Math.round(piece.time.secondsAt(tick) * 1000) / 1000, numerator, denominator });
  }
  return changes;
}

function longest(piece: Piece, changes: readonly MeterChange[]): Signature {
  const held = new Map<string, number>();
  const end = Math.max(piece.score.lastNoteEndTick, 1);
  let best = changes[0]!;
  let most = -1;
  changes.forEach((change, i) => {
    const until = Math.min(end, changes[i + 1]?.tick ?? end);
    const name = `${change.numerator}/${change.denominator}`;
    const ticks = (held.get(name) ?? 0) + Math.max(0, until - change.tick);
    held.set(name, ticks);
    if (ticks > most) {
      most = ticks;
      best = change;
    }
  });
  return best;
}

/** The bar line the music begins on: that of the second signature when the first one holds for less than its bar (a pickup). */
function firstDownbeat(piece: Piece, changes: readonly MeterChange[]): number {
  const [first, second] = changes as [MeterChange, ...MeterChange[]];
  if (second === undefined) return first.tick;
  const short = first.numerator / first.denominator < second.numerator / second.denominator;
  const held = (second.tick - first.tick) / (4 * piece.ticksPerQuarter);
  return short && held <= second.numerator / second.denominator ? second.tick : first.tick;
}

import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { CONTROLLERS, type TracksScratch } from "./scratch.ts";
import type { VoiceColumns } from "./voice-columns.ts";

/** How the notes are shaped beyond pitch and length: what the channel messages do, and how the notes join. */
export interface ExpressionFeature {
  /** Controllers used (0 to 119), by port, channel and number; at most `MOST_CONTROLLERS`. */
  readonly controllers: readonly ControllerUse[];
  readonly pitchBend: readonly BendUse[];
  /** Channel pressure messages, and the hardest. */
  readonly channelPressure: { readonly events: number; readonly highest: number } | null;
  /** Polyphonic key pressure messages, and the hardest. */
  readonly polyPressure: { readonly events: number; readonly highest: number } | null;
  readonly sustain: SustainUse | null;
  readonly articulation: Articulation | null;
}

export interface ControllerUse {
  readonly port: number;
  /** 0 to 15. */
  readonly channel: number;
  /** Controller number (MIDI 1.0, table 3): 1 modulation, 7 volume, 10 pan, 11 expression, 64 sustain ... */
  readonly controller: number;
  readonly events: number;
  readonly lowest: number;
  readonly highest: number;
}

export interface BendUse {
  readonly port: number;
  readonly channel: number;
  readonly events: number;
  /** -8192 to 8191. */
  readonly lowest: number;
  readonly highest: number;
  /** Bend range set by registered parameter 0, 2 semitones unless set; the widest when set more than once. */
  readonly rangeSemitones: number;
}

/** Controller 64 of all channels: values from 64 up hold. */
export interface SustainUse {
  /** Times the pedal goes down. */
  readonly presses: number;
  /** Channels that use it. */
  readonly channels: number;
  /** Share of the time to the last note end for which the pedal of the channel that uses it most is down, 0 to 1. */
  readonly downShare: number;
}

/**
 * How the top lines of the pitched voices join (notes of one onset, next onset within 1.5 s): the played length against
 * the way to the next onset. "legato" when 60 % of the notes reach the next one, "staccato" when half of them sound for at
 * most half of the way, else "detached". Null with fewer than 8 such notes.
 */
export interface Articulation {
  readonly kind: "legato" | "staccato" | "detached";
  readonly legatoShare: number;
  readonly staccatoShare: number;
}

export const MOST_CONTROLLERS = 512;
const LEAST_STEPS = 8;

export function expression(piece: Piece, voices: VoiceColumns, scratch: TracksScratch): ExpressionFeature {
  const scan = scanControls(piece, scratch);
  return {
    controllers: scan.controllers,
    pitchBend: scan.bends,
    channelPressure: scan.channelPressure.events > 0 ? scan.channelPressure : null,
    polyPressure: scan.polyPressure.events > 0 ? scan.polyPressure : null,
    sustain: sustain(piece, scan.controllers),
    articulation: articulation(piece, voices),
  };
}

const SUSTAIN = 64;

interface Range {
  events: number;
  lowest: number;
  highest: number;
}

/** One pass over the channel messages. */
function scanControls(piece: Piece, { slotOf }: TracksScratch) {
  const { count, status, data1, data2, track } = piece.score.controls;
  const uses: (Range & { key: number })[] = [];
  const bendOf = new Map<number, Range>();
  const parameters = new BendRanges();
  const channelPressure = { events: 0, highest: 0 };
  const polyPressure = { events: 0, highest: 0 };
  for (let i = 0; i < count; i++) {
    const channel = piece.ports[track[i]!]! * 16 + (status[i]! & 15);
    const kind = status[i]! & 0xf0;
    if (kind === 0xb0) {
      const controller = data1[i]!;
      if (controller >= CONTROLLERS) continue;
      const key = channel * CONTROLLERS + controller;
      let slot = slotOf[key]!;
      if (slot < 0) {
        slot = slotOf[key] = uses.length;
        uses.push({ key, events: 0, lowest: 127, highest: 0 });
      }
      extend(uses[slot]!, data2[i]!);
      if (controller === 6 || controller >= 98) parameters.see(channel, controller, data2[i]!);
    } else if (kind === 0xe0) {
      let bend = bendOf.get(channel);
      if (!bend) bendOf.set(channel, (bend = { events: 0, lowest: 8191, highest: -8192 }));
      extend(bend, data1[i]! + 128 * data2[i]! - 8192);
    } else if (kind === 0xd0 || kind === 0xa0) {
      const pressure = kind === 0xd0 ? channelPressure : polyPressure;
      pressure.events++;
      pressure.highest = Math.max(pressure.highest, kind === 0xd0 ? data1[i]! : data2[i]!);
    }
  }
  for (const { key } of uses) slotOf[key] = -1;
  return { controllers: listControllers(uses), bends: listBends(bendOf, parameters), channelPressure, polyPressure };
}

function extend(range: Range, value: number): void {
  range.events++;
  if (value < range.lowest) range.lowest = value;
  if (value > range.highest) range.highest = value;
}

function listControllers(uses: (Range & { key: number })[]): ControllerUse[] {
  return uses
    .sort((a, b) => a.key - b.key)
    .slice(0, MOST_CONTROLLERS)
    .map(({ key, events, lowest, highest }) => {
      const channel = Math.floor(key / CONTROLLERS);
      return { port: channel >> 4, channel: channel & 15, controller: key % CONTROLLERS, events, lowest, highest };
    });
}

function listBends(bends: Map<number, Range>, parameters: BendRanges): BendUse[] {
  return [...bends]
    .sort((a, b) => a[0] - b[0])
    .map(([channel, range]) => ({
      port: channel >> 4,
      channel: channel & 15,
      ...range,
      rangeSemitones: parameters.widest.get(channel) ?? 2,
    }));
}

/** Follows registered parameter 0 (controllers 101 and 100 select it, 6 sets it) per channel. */
class BendRanges {
  readonly widest = new Map<number, number>();
  private readonly selected = new Map<number, number>();

  see(channel: number, controller: number, value: number): void {
    const now = this.selected.get(channel) ?? 0x7f7f;
    if (controller === 101) this.selected.set(channel, (value << 8) | (now & 0xff));
    else if (controller === 100) this.selected.set(channel, (now & 0xff00) | value);
    else if (controller === 98 || controller === 99) this.selected.set(channel, 0x7f7f);
    else if (controller === 6 && now === 0) this.widest.set(channel, Math.max(value, this.widest.get(channel) ?? 0));
  }
}

/** The pedals of all channels in order of time, whatever tracks move them; "reset all controllers" lifts one (RP-015). */
function sustain(piece: Piece, controllers: readonly ControllerUse[]): SustainUse | null {
  const users = controllers.filter((use) => use.controller === SUSTAIN);
  if (!users.some((use) => use.highest >= 64)) return null;
  const { status, data1, data2, track, tick } = piece.score.controls;
  const downAt = new Map<number, number>();
  const held = new Map<number, number>();
  const last = piece.time.secondsAt(piece.score.lastNoteEndTick);
  let presses = 0;
  for (const i of pedalEvents(piece)) {
    const channel = piece.ports[track[i]!]! * 16 + (status[i]! & 15);
    const down = data1[i] === SUSTAIN && data2[i]! >= 64;
    const since = downAt.get(channel);
    if (down && since === undefined) {
      presses++;
      downAt.set(channel, piece.time.secondsAt(tick[i]!));
    } else if (!down && since !== undefined) {
      downAt.delete(channel);
      hold(held, channel, since, Math.min(last, piece.time.secondsAt(tick[i]!)));
    }
  }
  for (const [channel, since] of downAt) hold(held, channel, since, last);
  const most = Math.max(0, ...held.values());
  return { presses, channels: users.length, downShare: last > 0 ? round(Math.min(1, most / last), 3) : 0 };
}

const RESET = 121;

/** Indices of what moves a sustain pedal, by tick, then file order. */
function pedalEvents(piece: Piece): number[] {
  const { count, status, data1, tick } = piece.score.controls;
  const found: number[] = [];
  let ordered = true;
  for (let i = 0; i < count; i++) {
    if ((data1[i] !== SUSTAIN && data1[i] !== RESET) || (status[i]! & 0xf0) !== 0xb0) continue;
    if (found.length > 0 && tick[i]! < tick[found[found.length - 1]!]!) ordered = false;
    found.push(i);
  }
  return ordered ? found : found.sort((a, b) => tick[a]! - tick[b]! || a - b);
}

function hold(held: Map<number, number>, channel: number, from: number, to: number): void {
  if (to > from) held.set(channel, (held.get(channel) ?? 0) + to - from);
}

function articulation(piece: Piece, voices: VoiceColumns): Articulation | null {
  let [steps, legato, staccato] = [0, 0, 0];
  for (let v = 0; v < piece.voices.length; v++) {
    if (piece.voices[v]!.drum) continue;
    steps += voices.steps[v]!;
    legato += voices.legatoSteps[v]!;
    staccato += voices.staccatoSteps[v]!;
  }
  if (steps < LEAST_STEPS) return null;
  const kind = legato >= 0.6 * steps ? "legato" : staccato >= 0.5 * steps ? "staccato" : "detached";
  return { kind, legatoShare: round(legato / steps, 3), staccatoShare: round(staccato / steps, 3) };
}

import { DRUMS, FAMILIES, INSTRUMENTS, kitName } from "../../music/general-midi.ts";
import type { Piece } from "../piece/piece.ts";
import type { TracksScratch } from "./scratch.ts";

/** One sound a voice plays with. */
export interface ProgramUse {
  /** 0 to 127; null when no program change came before the notes (a player then sounds program 0). */
  readonly program: number | null;
  /** Bank select as it stood at the program change (controllers 0 and 32); null when never sent. */
  readonly bankMsb: number | null;
  readonly bankLsb: number | null;
  /** General MIDI name, or the kit's name on a drum channel; of program 0 when `program` is null. */
  readonly instrument: string;
  readonly family: string;
  /** Start of the first note that sounds with it. */
  readonly firstTick: number;
  readonly notes: number;
}

/** Voices of real files change between a handful of sounds; more than this are left out. */
export const MOST_PROGRAMS = 32;

/**
 * The sounds of every voice in the order they come, indexed like `Piece.voices`. Programs belong to the channel of a
 * port whatever track sets them (General MIDI 1); a bank waits for the next program change (MIDI 1.0, "Bank Select").
 * Events at a note's own tick come before the note.
 */
export function programs(piece: Piece, scratch: TracksScratch): readonly (readonly ProgramUse[])[] {
  const changes = programEvents(piece);
  const { sound, bank } = scratch;
  sound.fill(NONE);
  bank.fill(0);
  const uses: Use[][] = piece.voices.map(() => []);
  const heard = new Int32Array(piece.voices.length).fill(UNHEARD);
  const using: (Use | undefined)[] = new Array(piece.voices.length).fill(undefined);
  const counts = new Uint32Array(piece.voices.length);
  const { tick: changeTick } = piece.score.controls;
  const channelOf = Uint16Array.from(piece.voices, ({ port, channel }) => port * 16 + channel);
  const { startTick, voice } = piece;
  let next = 0;
  let nextTick = changes.length > 0 ? changeTick[changes[0]!]! : Number.POSITIVE_INFINITY;
  for (let i = 0; i < piece.count; i++) {
    const tick = startTick[i]!;
    while (nextTick <= tick) {
      apply(piece, changes[next++]!, scratch);
      nextTick = next < changes.length ? changeTick[changes[next]!]! : Number.POSITIVE_INFINITY;
    }
    const v = voice[i]!;
    const now = sound[channelOf[v]!]!;
    if (now !== heard[v]) {
      heard[v] = now;
      if (using[v]) using[v].notes += counts[v]!;
      counts[v] = 0;
      using[v] = useOf(uses[v]!, now, tick);
    }
    counts[v]!++;
  }
  for (const [v, use] of using.entries()) if (use) use.notes += counts[v]!;
  return uses.map((list, v) => list.map((use) => describe(use, piece.voices[v]!.drum)));
}

/** No program yet; no note yet. */
const NONE = -1;
const UNHEARD = -2;

/** A sound packs program, MSB + 1 and LSB + 1 (0: never sent) in 8 bits each. */
interface Use {
  readonly sound: number;
  readonly firstTick: number;
  notes: number;
}

function useOf(list: Use[], sound: number, firstTick: number): Use | undefined {
  let use = list.find((known) => known.sound === sound);
  if (!use && list.length < MOST_PROGRAMS) list.push((use = { sound, firstTick, notes: 0 }));
  return use;
}

function describe({ sound, firstTick, notes }: Use, drum: boolean): ProgramUse {
  const program = sound < 0 ? null : sound & 0xff;
  const msb = sound < 0 ? 0 : (sound >> 8) & 0xff;
  const lsb = sound < 0 ? 0 : (sound >> 16) & 0xff;
  return {
    program,
    bankMsb: msb === 0 ? null : msb - 1,
    bankLsb: lsb === 0 ? null : lsb - 1,
    instrument: drum ? kitName(program ?? 0) : INSTRUMENTS[program ?? 0]!,
    family: drum ? DRUMS : FAMILIES[(program ?? 0) >> 3]!,
    firstTick,
    notes,
  };
}

function apply(piece: Piece, event: number, { sound, bank }: TracksScratch): void {
  const { status, data1, data2, track } = piece.score.controls;
  const key = piece.ports[track[event]!]! * 16 + (status[event]! & 15);
  if ((status[event]! & 0xf0) === 0xc0) sound[key] = (data1[event]! & 0x7f) | bank[key]!;
  else if (data1[event] === 0) bank[key] = (bank[key]! & 0xff0000) | ((data2[event]! + 1) << 8);
  else bank[key] = (bank[key]! & 0xff00) | ((data2[event]! + 1) << 16);
}

/** Indices of program changes and bank selects of all tracks, by tick, then file order. */
function programEvents(piece: Piece): number[] | Uint32Array {
  const { count, status, data1, tick } = piece.score.controls;
  const found: number[] = [];
  let ordered = true;
  for (let i = 0; i < count; i++) {
    const kind = status[i]! & 0xf0;
    if (kind !== 0xc0 && !(kind === 0xb0 && (data1[i] === 0 || data1[i] === 32))) continue;
    if (found.length > 0 && tick[i]! < tick[found[found.length - 1]!]!) ordered = false;
    found.push(i);
  }
  return ordered ? found : Uint32Array.from(found).sort((a, b) => tick[a]! - tick[b]! || a - b);
}

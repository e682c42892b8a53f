import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { type ProgramUse, programs } from "./programs.ts";
import { type Role, roles } from "./roles.ts";
import type { TracksScratch } from "./scratch.ts";
import type { VoiceColumns } from "./voice-columns.ts";

/** One sounding (track, channel): a row of the table of tracks. */
export interface TrackFeature {
  /** Index of the MTrk chunk, from 0. */
  readonly track: number;
  /** 0 to 15; people call them 1 to 16. */
  readonly channel: number;
  readonly port: number;
  /** The track's name, null without one. */
  readonly name: string | null;
  /** The program most of its notes sound with, 0 to 127; null when none was set. */
  readonly program: number | null;
  readonly bankMsb: number | null;
  readonly bankLsb: number | null;
  /** General MIDI name of that program, or the kit's name on a drum channel. */
  readonly instrument: string;
  readonly family: string;
  /** Every program its notes sound with, in order. */
  readonly programs: readonly ProgramUse[];
  readonly drum: boolean;
  readonly notes: number;
  /** MIDI note numbers (kit pieces on a drum channel). */
  readonly lowestPitch: number;
  readonly highestPitch: number;
  readonly meanPitch: number;
  readonly velocityMean: number;
  readonly lowestVelocity: number;
  readonly highestVelocity: number;
  readonly firstTick: number;
  readonly lastEndTick: number;
  /** Seconds in which it sounds. */
  readonly soundingSeconds: number;
  /** Share of its sounding time in which two or more of its notes sound, 0 to 1. */
  readonly polyphonicShare: number;
  readonly role: Role;
  /** 0 to 1. */
  readonly roleConfidence: number;
}

/** Rows given at most, the ones with most notes; in the order of the file. */
export const MOST_TRACKS = 512;

export function tracks(
  piece: Piece,
  voices: VoiceColumns,
  names: readonly (string | null)[],
  scratch: TracksScratch,
): TrackFeature[] {
  const used = programs(piece, scratch);
  const main = used.map(mainProgram);
  const labels = piece.voices.map((voice, v) => ({ name: names[voice.track] ?? null, program: main[v]!.program }));
  const guesses = roles(piece, voices, labels);
  return rowsToGive(piece).map((v): TrackFeature => {
    const { track, channel, port, drum, notes } = piece.voices[v]!;
    const { program, bankMsb, bankLsb, instrument, family } = main[v]!;
    const once = voices.onceSeconds[v]!;
    return {
      track,
      channel,
      port,
      name: labels[v]!.name,
      program,
      bankMsb,
      bankLsb,
      instrument,
      family,
      programs: used[v]!,
      drum,
      notes,
      lowestPitch: voices.lowestPitch[v]!,
      highestPitch: voices.highestPitch[v]!,
      meanPitch: round(voices.pitchSum[v]! / notes, 2),
      velocityMean: round(voices.velocitySum[v]! / notes, 2),
      lowestVelocity: voices.lowestVelocity[v]!,
      highestVelocity: voices.highestVelocity[v]!,
      firstTick: voices.firstTick[v]!,
      lastEndTick: voices.lastEndTick[v]!,
      soundingSeconds: round(once, 3),
      polyphonicShare: once > 0 ? round(voices.twiceSeconds[v]! / once, 3) : 0,
      role: guesses[v]!.role,
      roleConfidence: guesses[v]!.confidence,
    };
  });
}

function mainProgram(used: readonly ProgramUse[]): ProgramUse {
  return used.reduce((most, use) => (use.notes > most.notes ? use : most));
}

function rowsToGive(piece: Piece): number[] {
  const all = piece.voices.map((_, v) => v);
  if (all.length <= MOST_TRACKS) return all;
  return all
    .sort((a, b) => piece.voices[b]!.notes - piece.voices[a]!.notes)
    .slice(0, MOST_TRACKS)
    .sort((a, b) => a - b);
}

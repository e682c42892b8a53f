import { createAnalyzer, featuresOf } from "../analysis/analyzer.ts";
import type { Features } from "../analysis/features.ts";
import type { Piece } from "../analysis/piece/piece.ts";
import type { StepResults } from "../analysis/steps.ts";
import { type ContentItem, NoBytes, openContent } from "../files/content-bytes.ts";
import { BadMidi } from "../midi/read/bad-midi.ts";
import { createReader } from "../midi/read/reader.ts";
import { REPAIRS, type RepairCode } from "../midi/read/repairs.ts";

/** A piece as it is looked at and listened to: its notes in columns, where bars and beats fall, the words as sung. */
export interface Study {
  readonly features: Features;
  readonly voices: readonly StudyVoice[];
  /** All notes by their start. */
  readonly notes: StudyNotes;
  /** All channel messages but those of notes, by time: what a player needs to sound as the file means. */
  readonly controls: StudyControls;
  /** Seconds. Ascending; `downbeat` has a 1 where a bar begins. */
  readonly beats: { readonly seconds: Float64Array; readonly downbeat: Uint8Array } | null;
  readonly syllables: readonly Syllable[];
  /** What the reader had to repair, in words. */
  readonly repairs: readonly { readonly code: string; readonly count: number; readonly meaning: string }[];
  /** Seconds, to the last End of Track. */
  readonly seconds: number;
}

export interface StudyVoice {
  readonly track: number;
  /** 0 to 15. */
  readonly channel: number;
  readonly port: number;
  readonly drum: boolean;
  readonly notes: number;
}

export interface StudyNotes {
  readonly count: number;
  /** Seconds. */
  readonly start: Float32Array;
  readonly end: Float32Array;
  readonly pitch: Uint8Array;
  readonly velocity: Uint8Array;
  /** Index in `voices`. */
  readonly voice: Uint32Array;
}

export interface StudyControls {
  readonly count: number;
  readonly seconds: Float32Array;
  readonly port: Uint8Array;
  /** Full status byte, then its data. */
  readonly status: Uint8Array;
  readonly data1: Uint8Array;
  readonly data2: Uint8Array;
}

export interface Syllable {
  readonly seconds: number;
  readonly text: string;
}

export type Studied =
  | { readonly id: number; readonly study: Study }
  | { readonly id: number; readonly error: string; readonly missing: boolean };

const MOST_CONTROLS = 2_000_000;

const reader = createReader();
const analyzer = createAnalyzer();

/** Reads and analyses one content for a person who looks at it. `path` is where it was found, for what its name says. */
export function studyContent(
  item: ContentItem,
  { maxBytes, path }: { readonly maxBytes: number; readonly path: string },
): Studied {
  try {
    return { id: item.id, study: study(analyzer.study(reader.read(openContent(item, maxBytes)), { path })) };
  } catch (error) {
    if (error instanceof NoBytes) return { id: item.id, error: error.message, missing: error.missing };
    if (error instanceof BadMidi) return { id: item.id, error: error.message, missing: false };
    throw error;
  }
}

function study(found: StepResults): Study {
  const { piece, beats, words, score } = found;
  return {
    features: featuresOf(found),
    voices: piece.voices.map(({ track, channel, port, drum, notes }) => ({ track, channel, port, drum, notes })),
    notes: notesOf(piece),
    controls: controlsOf(piece),
    beats: beats && { seconds: beats.seconds.slice(), downbeat: beats.downbeat.slice() },
    syllables: words.sung.map(({ tick, text }) => ({ seconds: piece.time.secondsAt(tick), text })),
    repairs: score.repairs.map(({ code, count }) => ({ code, count, meaning: REPAIRS[code as RepairCode] })),
    seconds: piece.time.secondsAt(score.endTick),
  };
}

/** Copies: what the thread reads next would overwrite the columns of this piece. */
function notesOf({ count, startSeconds, endSeconds, pitch, velocity, voice }: Piece): StudyNotes {
  return {
    count,
    start: Float32Array.from(startSeconds.subarray(0, count)),
    end: Float32Array.from(endSeconds.subarray(0, count)),
    pitch: pitch.slice(0, count),
    velocity: velocity.slice(0, count),
    voice: voice.slice(0, count),
  };
}

/** By time; at one time in the order of the file. Beyond `MOST_CONTROLS` the rest is left out. */
function controlsOf({ score, time, ports }: Piece): StudyControls {
  const { controls } = score;
  const count = Math.min(controls.count, MOST_CONTROLS);
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => controls.tick[a]! - controls.tick[b]! || a - b,
  );
  return {
    count,
    seconds: Float32Array.from(order, (i) => time.secondsAt(controls.tick[i]!)),
    port: Uint8Array.from(order, (i) => ports[controls.track[i]!]!),
    status: Uint8Array.from(order, (i) => controls.status[i]!),
    data1: Uint8Array.from(order, (i) => controls.data1[i]!),
    data2: Uint8Array.from(order, (i) => controls.data2[i]!),
  };
}

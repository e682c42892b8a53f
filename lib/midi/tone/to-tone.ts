import { Midi, type Track as ToneTrack } from "@tonejs/midi";
import { fifthsName } from "../../music/note-names.ts";
import { readMidi } from "../read/reader.ts";
import type { Score, Track } from "../score.ts";
import { decodeTexts } from "../text/decode-texts.ts";
import { timeMap } from "../time.ts";

const NAME = 3;
const META_TYPES: Readonly<Record<number, string>> = { 1: "text", 5: "lyrics", 6: "marker", 7: "cuePoint" };
const CONTROLLER = 0xb0;
const PROGRAM = 0xc0;
const BEND = 0xe0;

/**
 * A file or score as a Tone.js `Midi` (npm @tonejs/midi), the note objects that scripts and web players work on: one
 * of its tracks for each track, channel and program that sounds. Beside what `new Midi(bytes)` reads, it holds notes
 * that are never ended, pairs by file order, keeps time before the first tempo and under SMPTE divisions, holds the
 * texts of all tracks, and takes damaged files. Throws `BadMidi` for bytes that are no MIDI.
 */
export function toTone(source: Uint8Array | Score): Midi {
  const score = source instanceof Uint8Array ? readMidi(source) : source;
  const midi = new Midi();
  const texts = readTexts(score);
  const names = new Map<number, string>();
  for (const { type, track, text } of texts) if (type === NAME && !names.has(track)) names.set(track, text);
  midi.header.fromJSON({
    name: names.get(0) ?? "",
    ppq: score.division.kind === "metrical" ? score.division.ticksPerQuarter : 0.5 / timeMap(score).secondsPerTick[0]!,
    tempos: tempos(score),
    timeSignatures: Array.from({ length: score.meters.count }, (_, i) => ({
      ticks: score.meters.tick[i]!,
      timeSignature: [score.meters.numerator[i]!, score.meters.denominator[i]!],
    })),
    keySignatures: Array.from({ length: score.keySignatures.count }, (_, i) => ({
      ticks: score.keySignatures.tick[i]!,
      key: fifthsName(score.keySignatures.fifths[i]!),
      scale: score.keySignatures.minor[i] ? "minor" : "major",
    })),
    meta: texts.flatMap(({ type, ticks, text }) => (META_TYPES[type] ? [{ type: META_TYPES[type], ticks, text }] : [])),
  });
  for (const track of score.tracks) addTracks(midi, score, track, names.get(track.index) ?? "");
  return midi;
}

function readTexts(score: Score) {
  const { metas, bytes } = score;
  const found: number[] = [];
  for (let i = 0; i < metas.count; i++) if (metas.type[i] === NAME || META_TYPES[metas.type[i]!]) found.push(i);
  const { texts } = decodeTexts(
    found.map((i) => bytes.subarray(metas.offset[i]!, metas.offset[i]! + metas.length[i]!)),
  );
  return found
    .map((i, n) => ({ type: metas.type[i]!, track: metas.track[i]!, ticks: metas.tick[i]!, text: texts[n]! }))
    .sort((a, b) => a.ticks - b.ticks);
}

/** One tempo a tick, from tick 0 on: Tone.js stretches the first one it finds back to the start. */
function tempos({ tempos: { count, tick, microsecondsPerQuarter }, division }: Score) {
  const list = [{ ticks: 0, bpm: 120 }];
  if (division.kind === "smpte") return list;
  for (let i = 0; i < count; i++) {
    const tempo = { ticks: tick[i]!, bpm: 60e6 / microsecondsPerQuarter[i]! };
    if (list.at(-1)!.ticks === tempo.ticks) list.pop();
    list.push(tempo);
  }
  return list;
}

/** Walks notes and controllers of one track side by side, so that each goes to the program in force at its tick. */
function addTracks(midi: Midi, score: Score, track: Track, name: string): void {
  const { notes, controls } = score;
  const programs = new Uint8Array(16);
  const byProgram = new Map<number, ToneTrack>();
  const trackOf = (channel: number): ToneTrack => {
    const key = (channel << 7) | programs[channel]!;
    let found = byProgram.get(key);
    if (!found) {
      byProgram.set(key, (found = midi.addTrack()));
      found.name = name;
      found.channel = channel;
      found.instrument.number = programs[channel]!;
      found.endOfTrackTicks = track.endTick;
    }
    return found;
  };
  let control = track.controlStart;
  for (let n = track.noteStart; n <= track.noteEnd; n++) {
    const ticks = n < track.noteEnd ? notes.startTick[n]! : Number.POSITIVE_INFINITY;
    for (; control < track.controlEnd && controls.tick[control]! <= ticks; control++) {
      addControl(score, control, programs, trackOf);
    }
    if (n === track.noteEnd) break;
    const durationTicks = notes.endTick[n]! - ticks;
    trackOf(notes.channel[n]!).addNote({
      midi: notes.pitch[n]!,
      ticks,
      durationTicks,
      velocity: notes.velocity[n]! / 127,
    });
  }
}

function addControl(score: Score, i: number, programs: Uint8Array, trackOf: (channel: number) => ToneTrack): void {
  const { controls } = score;
  const kind = controls.status[i]! & 0xf0;
  const channel = controls.status[i]! & 0x0f;
  const ticks = controls.tick[i]!;
  const [data1, data2] = [controls.data1[i]!, controls.data2[i]!];
  if (kind === PROGRAM) programs[channel] = data1;
  else if (kind === CONTROLLER) trackOf(channel).addCC({ number: data1, ticks, value: data2 / 127 });
  else if (kind === BEND) trackOf(channel).addPitchBend({ ticks, value: ((data2 << 7) + data1 - 8192) / 8192 });
}

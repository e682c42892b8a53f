import type { Piece } from "../piece/piece.ts";

/**
 * What each voice (track, channel) plays, as columns indexed like `Piece.voices`. The top line of a voice is the
 * highest note of each onset, notes within 40 ms counting as one onset (spread chords); a line's step from one onset
 * to the next counts only when the next one comes within 1.5 s.
 */
export interface VoiceColumns {
  readonly lowestPitch: Uint8Array;
  readonly highestPitch: Uint8Array;
  readonly pitchSum: Float64Array;
  readonly velocitySum: Float64Array;
  readonly lowestVelocity: Uint8Array;
  readonly highestVelocity: Uint8Array;
  readonly firstTick: Uint32Array;
  readonly lastEndTick: Uint32Array;
  /** Seconds in which at least one note of the voice sounds. */
  readonly onceSeconds: Float64Array;
  /** Seconds in which at least two sound. */
  readonly twiceSeconds: Float64Array;
  /** Onsets of the top line. */
  readonly onsets: Uint32Array;
  /** Steps of the top line that were judged. */
  readonly steps: Uint32Array;
  /** Steps whose first note reaches the next onset (at least 98 % of the way). */
  readonly legatoSteps: Uint32Array;
  /** Steps whose first note sounds for at most half of the way. */
  readonly staccatoSteps: Uint32Array;
  /** Sum of the steps' sizes in semitones. */
  readonly intervalSum: Float64Array;
}

const SAME_ONSET_SECONDS = 0.04;
const LONGEST_STEP_SECONDS = 1.5;
const LEGATO = 0.98;
const STACCATO = 0.5;

/**
 * One pass over all notes, long because it is the hot loop of everything said about a voice. Whole numbers in it stay below
 * 2^31: a larger one, read once a file, had it compiled anew and again, and at times left it at a seventh of its speed.
 */
export function voiceColumns(piece: Piece): VoiceColumns {
  const count = piece.voices.length;
  const lowestPitch = new Uint8Array(count).fill(127);
  const highestPitch = new Uint8Array(count);
  const pitchSum = new Float64Array(count);
  const velocitySum = new Float64Array(count);
  const lowestVelocity = new Uint8Array(count).fill(127);
  const highestVelocity = new Uint8Array(count);
  const firstTick = new Uint32Array(count);
  const lastEndTick = new Uint32Array(count);
  const onceSeconds = new Float64Array(count);
  const twiceSeconds = new Float64Array(count);
  const onsets = new Uint32Array(count);
  const steps = new Uint32Array(count);
  const legatoSteps = new Uint32Array(count);
  const staccatoSteps = new Uint32Array(count);
  const intervalSum = new Float64Array(count);
  const reach1 = new Float64Array(count);
  const reach2 = new Float64Array(count);
  const topStart = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const topEnd = new Float64Array(count);
  const topPitch = new Uint8Array(count);
  const { voice, pitch: pitches, velocity: velocities, startTick, endTick, startSeconds, endSeconds } = piece;
  for (let i = 0; i < piece.count; i++) {
    const v = voice[i]!;
    const pitch = pitches[i]!;
    const velocity = velocities[i]!;
    const start = startSeconds[i]!;
    const end = endSeconds[i]!;
    if (pitch < lowestPitch[v]!) lowestPitch[v] = pitch;
    if (pitch > highestPitch[v]!) highestPitch[v] = pitch;
    pitchSum[v]! += pitch;
    velocitySum[v]! += velocity;
    if (velocity < lowestVelocity[v]!) lowestVelocity[v] = velocity;
    if (velocity > highestVelocity[v]!) highestVelocity[v] = velocity;
    if (endTick[i]! > lastEndTick[v]!) lastEndTick[v] = endTick[i]!;
    const once = reach1[v]!;
    const twice = reach2[v]!;
    const second = Math.min(end, once);
    if (second > start && second > twice) {
      twiceSeconds[v]! += second - Math.max(start, twice);
      reach2[v] = second;
    }
    if (end > once) {
      onceSeconds[v]! += end - Math.max(start, once);
      reach1[v] = end;
    }
    const before = topStart[v]!;
    if (before < 0) firstTick[v] = startTick[i]!;
    const step = start - before;
    if (step > SAME_ONSET_SECONDS) {
      onsets[v]!++;
      if (step <= LONGEST_STEP_SECONDS) {
        steps[v]!++;
        const held = (topEnd[v]! - before) / step;
        if (held >= LEGATO) legatoSteps[v]!++;
        else if (held <= STACCATO) staccatoSteps[v]!++;
        intervalSum[v]! += Math.abs(pitch - topPitch[v]!);
      }
      topStart[v] = start;
      topEnd[v] = end;
      topPitch[v] = pitch;
    } else if (pitch > topPitch[v]!) {
      topPitch[v] = pitch;
      topEnd[v] = end;
    }
  }
  return {
    lowestPitch,
    highestPitch,
    pitchSum,
    velocitySum,
    lowestVelocity,
    highestVelocity,
    firstTick,
    lastEndTick,
    onceSeconds,
    twiceSeconds,
    onsets,
    steps,
    legatoSteps,
    staccatoSteps,
    intervalSum,
  };
}

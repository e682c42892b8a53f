import type { Score } from "../../midi/score.ts";

/** Pitches of a kit's kicks, snares with claps and side sticks, and hi-hats (General MIDI 1, percussion map). */
const KICKS = [35, 36];
const SNARES = [37, 38, 39, 40];
const HATS = [42, 44, 46];
const LOWEST_KIT_PITCH = 35;
const HIGHEST_KIT_PITCH = 59;
const LEAST_KIT_NOTES = 8;
/** Least share of the notes that are kicks, snares and hats, and of the onsets at which two or more are struck. */
const LEAST_CORE_SHARE = 0.6;
const LEAST_TOGETHER_SHARE = 0.15;

/**
 * Whether a file that says nothing about drums is a clip of them, as loop packs hold: one channel without a program, all
 * pitches of a kit, kick, snare and hi-hat among them and most of the notes, some struck together.
 */
export function soundsLikeDrums({ notes, controls }: Score): boolean {
  const { count, pitch, channel, track, startTick } = notes;
  if (count < LEAST_KIT_NOTES) return false;
  const struck = new Uint32Array(128);
  let onsets = 0;
  let together = 0;
  for (let i = 0; i < count; i++) {
    if (channel[i] !== channel[0] || track[i] !== track[0]) return false;
    if (pitch[i]! < LOWEST_KIT_PITCH || pitch[i]! > HIGHEST_KIT_PITCH) return false;
    struck[pitch[i]!]!++;
    if (i === 0 || startTick[i] !== startTick[i - 1]) onsets++;
    else if (i === 1 || startTick[i - 1] !== startTick[i - 2]) together++;
  }
  for (let i = 0; i < controls.count; i++) if ((controls.status[i]! & 0xf0) === 0xc0) return false;
  const core = [KICKS, SNARES, HATS].map((pitches) => pitches.reduce((sum, p) => sum + struck[p]!, 0));
  const enough = core.every((n) => n > 0) && core.reduce((sum, n) => sum + n, 0) >= LEAST_CORE_SHARE * count;
  return enough && together >= LEAST_TOGETHER_SHARE * onsets;
}

import type { Onsets } from "./onsets.ts";

/**
 * How much each onset of a performance sounds like a beat: more notes, longer, lower and louder than its surroundings
 * (the salience of Dixon & Cambouropoulos 2000, with the bass of Lerdahl & Jackendoff 1983). Mean 1 in the 10 seconds around.
 */
export function beatAccents(o: Onsets): Float32Array {
  const raw = new Float32Array(o.count);
  let low = 60;
  for (let i = 0; i < o.count; i++) {
    let accent =
      CHORD * Math.log2(1 + o.notes[i]!) + LENGTH * Math.min(1, o.longest[i]!) + LOUD * (o.velocity[i]! / 64);
    const bass = o.bass[i]!;
    if (bass < 128) {
      // The lowest pitch of late, rising a quarter tone an onset: what lies within a third above it is the bass.
      if (bass <= low + 4) {
        accent += BASS * (0.5 + Math.min(1, o.bassLength[i]!));
        low = Math.min(low, bass);
      }
      low = Math.min(low + 0.25, bass + 24);
    }
    if (o.drums[i]! & 3) accent += DRUM;
    raw[i] = accent;
  }
  return againstSurroundings(o.seconds, raw);
}

const CHORD = 0.5;
const LENGTH = 0.5;
const LOUD = 0.25;
const BASS = 1.6;
const DRUM = 1;
const AROUND_SECONDS = 10;

function againstSurroundings(seconds: Float64Array, raw: Float32Array): Float32Array {
  const out = new Float32Array(raw.length);
  let [from, to, sum] = [0, 0, 0];
  for (let i = 0; i < raw.length; i++) {
    while (to < raw.length && seconds[to]! <= seconds[i]! + AROUND_SECONDS) sum += raw[to++]!;
    while (seconds[from]! < seconds[i]! - AROUND_SECONDS) sum -= raw[from++]!;
    out[i] = (raw[i]! * (to - from)) / Math.max(sum, 1e-6);
  }
  return out;
}

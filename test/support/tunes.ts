import { midi, type TrackBuilder } from "./midi-builder.ts";

/** A track of `count` quarters up and down the C major scale, 480 ticks each. */
export function scale(count: number, step = 480): TrackBuilder {
  const degrees = [0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2];
  const track = midi().track("scale");
  for (let i = 0; i < count; i++) track.note(i * step, step - 10, 60 + degrees[i % degrees.length]!);
  return track;
}

/** A bass note on the bar line and chords on the other beats, with a tune above: an accompaniment as in dances. */
export function dance(bars: number, beats: number, beat = 480, from = 0, track = midi().track("dance")): TrackBuilder {
  const roots = [36, 41, 43, 36];
  for (let bar = 0; bar < bars; bar++) {
    const at = from + bar * beats * beat;
    const root = roots[bar % roots.length]!;
    track.note(at, beat, root, { velocity: 100 });
    track.note(at, beat * (beats - 1), root + 36, { velocity: 95 });
    track.note(at + beat * (beats - 1), beat, root + 38, { velocity: 70 });
    for (let b = 1; b < beats; b++)
      track.chord(at + b * beat, beat / 2, [root + 16, root + 19, root + 24], { velocity: 60 });
  }
  return track;
}

/** The same notes as played: every note moved by a player's unsteady hand, seeded. `rubato` is the share a beat drifts. */
export function played(
  rows: Iterable<readonly [tick: number, length: number, pitch: number, velocity: number]>,
  { bpm = 80, rubato = 0.02, seed = 1 } = {},
): TrackBuilder {
  const random = noise(seed);
  const track = midi().track("played").tempo(0, 120);
  // At the 120 default a tick of 480 a quarter lasts 1/960 s; the score's ticks are stretched to `bpm`.
  const stretch = 120 / bpm;
  for (const [tick, length, pitch, velocity] of rows) {
    const quarter = tick / 480;
    const drift = rubato * 480 * 4 * Math.sin(quarter / 4);
    const at = Math.max(0, Math.round(tick * stretch + drift + 12 * random()));
    track.note(at, Math.max(20, Math.round(length * stretch * 0.9 + 20 * random())), pitch, {
      velocity: Math.min(127, Math.max(1, Math.round(velocity + 8 * random()))),
    });
  }
  return track;
}

/** Numbers of about normal spread 1, the same for the same seed (Park & Miller 1988). */
export function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return () => uniform() + uniform() + uniform() + uniform() + uniform() + uniform() - 3;
}

/** A distinct file for each seed: two voices, one of them with the seed in its notes. */
export function song(seed: number): Uint8Array {
  const file = midi();
  file.track("Lead").notes([
    [0, 240, 40 + (seed % 40)],
    [480, 240, 41 + (Math.floor(seed / 40) % 40)],
  ]);
  file.track("Bass").channel(1).note(0, 960, 36);
  return file.bytes();
}

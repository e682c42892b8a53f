import type { Onsets } from "./onsets.ts";

/**
 * What the beat network is told about each onset: traits of its own, then how much lies before and after it by lag.
 * Nothing here hears a transposition, and nothing depends on where the piece begins.
 */
export const FEATURES = 120;

/** Own traits; the rest are `LAG_KINDS` times `LAGS` numbers. */
export const OWN_FEATURES = 24;

/** Lags in seconds, evenly spaced as logarithms; what is nearer or farther counts for the last of each side. */
const LAGS = 16;
const SHORTEST_LAG = 0.1;
const LONGEST_LAG = 3;
const LAG_STEPS = 256;
const LAST_STEP = Math.floor(LONGEST_LAG * LAG_STEPS);

/** The lag that each 256th of a second belongs to. */
const LAG_OF = Uint8Array.from({ length: LAST_STEP + 1 }, (_, step) => {
  const part = Math.log((step + 0.5) / LAG_STEPS / SHORTEST_LAG) / Math.log(LONGEST_LAG / SHORTEST_LAG);
  return Math.min(LAGS - 1, Math.max(0, Math.round((LAGS - 1) * part)));
});

/** Where each kind of lag feature begins in a row: accents, pitch classes in common, bass notes; before and after. */
const ACCENT_BEFORE = OWN_FEATURES;
const ACCENT_AFTER = ACCENT_BEFORE + LAGS;
const SAME_BEFORE = ACCENT_AFTER + LAGS;
const SAME_AFTER = SAME_BEFORE + LAGS;
const BASS_BEFORE = SAME_AFTER + LAGS;
const BASS_AFTER = BASS_BEFORE + LAGS;

const BITS = Uint8Array.from({ length: 4096 }, (_, i) => i.toString(2).replaceAll("0", "").length);

const LOG_STEPS = 1024;
const LONGEST_LOG = 5;
/** Natural logarithms of 0.03 to 5 seconds, by 1024ths. */
const LOGARITHMS = Float32Array.from({ length: LOG_STEPS * LONGEST_LOG + 1 }, (_, i) =>
  Math.log(Math.max(0.03, (i + 0.5) / LOG_STEPS)),
);
const LOG_ONE_MORE = Float32Array.from({ length: 65 }, (_, n) => Math.log2(1 + n));

/** Onsets nearer than this, in lag steps, count as the harmony of the moment; the wider reach is about a second. */
const NEAR_STEPS = 100;
const WIDE_STEPS = 280;
const AROUND_SECONDS = 5;

/** Working space, by onset. */
export interface FeatureSpace {
  accent: Float32Array;
  bass: Float32Array;
  /** Pitch classes of the moment before and after, near and wide. */
  nearBefore: Uint16Array;
  nearAfter: Uint16Array;
  wideBefore: Uint16Array;
  wideAfter: Uint16Array;
}

export function featureSpace(onsets: number): FeatureSpace {
  return {
    accent: new Float32Array(onsets),
    bass: new Float32Array(onsets),
    nearBefore: new Uint16Array(onsets),
    nearAfter: new Uint16Array(onsets),
    wideBefore: new Uint16Array(onsets),
    wideAfter: new Uint16Array(onsets),
  };
}

/** Writes a row of `FEATURES` numbers for each onset to `out`, which holds zeros. The network squashes the lags. */
export function writeFeatures(o: Onsets, space: FeatureSpace, out: Float32Array): void {
  writeOwn(o, space, out);
  writeLags(o, space, out);
  for (let i = 0, row = 0; i < o.count; i++, row += FEATURES) {
    const struck = o.pitchClasses[i]!;
    out[row + 14] = difference(space.nearAfter[i]!, space.nearBefore[i]!);
    out[row + 15] = difference(space.wideAfter[i]!, space.wideBefore[i]!);
    out[row + 16] = BITS[struck & ~space.nearBefore[i]!]! / 3;
    out[row + 22] = BITS[struck & ~space.wideBefore[i]!]! / 3;
  }
}

/** 1 less the share of pitch classes that two moments have in common. */
function difference(one: number, other: number): number {
  return 1 - BITS[one & other]! / Math.max(1, BITS[one | other]!);
}

/** One dense loop over the onsets, forwards; and one back for the time to the next bass. */
function writeOwn(o: Onsets, { accent, bass: basses }: FeatureSpace, out: Float32Array): void {
  const { count, seconds, notes, bass, top, longest, bassLength, velocity, drums } = o;
  // The lowest and highest pitch of late, closing in by a quarter tone an onset.
  let [low, high, topBefore, bassBefore, bassAt] = [-1, 0, 0, -1, Number.NEGATIVE_INFINITY];
  let [from, to, velocities, accents] = [0, 0, 0, 0];
  let [gapBefore, gapBeforeThat] = [1, 1];
  for (let i = 0, row = 0; i < count; i++, row += FEATURES) {
    const at = seconds[i]!;
    while (to < count && seconds[to]! <= at + AROUND_SECONDS) velocities += velocity[to++]!;
    while (seconds[from]! < at - AROUND_SECONDS) velocities -= velocity[from++]!;
    const around = to - from;
    const gapAfter = i + 1 < count ? logSeconds(seconds[i + 1]! - at) : 1;
    const loud = clip((velocity[i]! - velocities / around) / 20, -2, 2);
    const held = logSeconds(longest[i]!);
    const lowest = bass[i]!;
    let strength = 0.5 * logOneMore(notes[i]!) + 0.5 * Math.min(1, longest[i]!) + 0.25 * loud;
    let bassStrength = 0;
    out[row] = logOneMore(notes[i]!) / 2;
    out[row + 1] = loud;
    out[row + 2] = i > 0 ? clip((velocity[i]! - velocity[i - 1]!) / 20, -2, 2) : 0;
    if (lowest < 128) {
      const highest = top[i]!;
      if (low < 0) {
        low = lowest;
        high = highest;
        topBefore = highest;
      }
      out[row + 3] = clip((lowest - low) / 12, -1, 3);
      out[row + 4] = clip((high - highest) / 12, -1, 3);
      out[row + 5] = (highest - lowest) / 36;
      out[row + 20] = clip((highest - topBefore) / 12, -2, 2);
      topBefore = highest;
      // What lies within a third above the lowest of late is the bass.
      if (lowest <= low + 4) {
        bassStrength = 0.5 + Math.min(1, bassLength[i]!);
        strength += 1.6 * bassStrength;
        if (lowest < low) low = lowest;
        out[row + 17] = bassBefore === lowest ? 0 : (bassBefore - lowest) % 12 === 0 ? 0.5 : 1;
        bassBefore = lowest;
      } else out[row + 17] = -0.5;
      if (highest > high) high = highest;
      low = Math.min(low + 0.25, lowest + 24);
      high = Math.max(high - 0.25, highest - 24);
    } else {
      out[row + 3] = 3;
      out[row + 4] = 3;
    }
    if (drums[i]! & 3) strength += 1;
    accent[i] = strength;
    basses[i] = bassStrength;
    accents += strength;
    out[row + 6] = (held + 1) / 1.5;
    out[row + 7] = (logSeconds(bassLength[i]!) + 1) / 1.5;
    out[row + 8] = clip(held - gapAfter, -2, 3) / 1.5;
    out[row + 9] = (gapBefore + 1.5) / 1.5;
    out[row + 10] = (gapAfter + 1.5) / 1.5;
    out[row + 11] = clip(gapAfter - gapBefore, -2.5, 2.5) / 1.5;
    out[row + 12] = drums[i]! & 1 ? 1 : 0;
    out[row + 13] = drums[i]! & 2 ? 1 : 0;
    out[row + 18] = logSeconds(at - bassAt) / 2;
    out[row + 21] = clip(gapBefore - gapBeforeThat, -2.5, 2.5) / 1.5;
    out[row + 23] = logOneMore(around) / 3 - 1.5;
    if (bassStrength > 0) bassAt = at;
    gapBeforeThat = gapBefore;
    gapBefore = gapAfter;
  }
  let next = seconds[count - 1]! + LONGEST_LOG;
  for (let i = count - 1, row = i * FEATURES; i >= 0; i--, row -= FEATURES) {
    out[row + 19] = logSeconds(next - seconds[i]!) / 2;
    if (basses[i]! > 0) next = seconds[i]!;
    accent[i]! *= count / accents;
  }
}

/** Every pair of onsets up to the longest lag apart, once: the dense loop of the features. */
function writeLags(o: Onsets, space: FeatureSpace, out: Float32Array): void {
  const { count, seconds, pitchClasses } = o;
  const { accent, bass, nearBefore, nearAfter, wideBefore, wideAfter } = space;
  nearBefore.fill(0, 0, count);
  wideBefore.fill(0, 0, count);
  for (let i = 0, row = 0; i < count; i++, row += FEATURES) {
    const at = seconds[i]!;
    const struck = pitchClasses[i]!;
    const ownAccent = accent[i]!;
    const ownBass = bass[i]!;
    const share = 2 / Math.max(1, BITS[struck]!);
    let [near, wide] = [struck, struck];
    for (let j = i + 1, other = row + FEATURES; j < count; j++, other += FEATURES) {
      const step = ((seconds[j]! - at) * LAG_STEPS) | 0;
      if (step >= LAST_STEP) break;
      const lag = LAG_OF[step]!;
      const later = pitchClasses[j]!;
      out[other + ACCENT_BEFORE + lag]! += ownAccent;
      out[row + ACCENT_AFTER + lag]! += accent[j]!;
      const same = BITS[struck & later]! * share;
      if (same > 0) {
        out[other + SAME_BEFORE + lag]! += same;
        out[row + SAME_AFTER + lag]! += same;
      }
      if (ownBass > 0) out[other + BASS_BEFORE + lag]! += ownBass;
      if (bass[j]! > 0) out[row + BASS_AFTER + lag]! += bass[j]!;
      if (step >= WIDE_STEPS) continue;
      wide |= later;
      wideBefore[j]! |= struck;
      if (step >= NEAR_STEPS) continue;
      near |= later;
      nearBefore[j]! |= struck;
    }
    nearAfter[i] = near;
    wideAfter[i] = wide;
  }
}

function logSeconds(seconds: number): number {
  return LOGARITHMS[seconds >= LONGEST_LOG ? LOG_STEPS * LONGEST_LOG : (seconds * LOG_STEPS) | 0]!;
}

/** log2(1 + n), 64 at most. */
function logOneMore(n: number): number {
  return LOG_ONE_MORE[Math.min(64, n)]!;
}

function clip(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

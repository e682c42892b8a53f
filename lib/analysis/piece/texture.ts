import type { Piece } from "./piece.ts";
import { round } from "./round.ts";

/**
 * How thickly the file sounds, over all tracks at once. A note sounds from its start to its end; the sustain pedal
 * is left out. Drums stand apart: their written lengths say nothing about how long they ring.
 */
export interface TextureFeature {
  /** "monophonic" when two pitched notes sound together for at most 5 % of the pitched time (legato overlaps); null without notes. */
  readonly kind: "monophonic" | "polyphonic" | "percussive" | null;
  /** Most pitched notes sounding at once. */
  readonly maximumPolyphony: number;
  /** Pitched notes sounding at once, mean over the time in which any sounds; null without pitched time. */
  readonly meanPolyphony: number | null;
  /** Share of the pitched time in which two or more notes sound, 0 to 1. */
  readonly polyphonicShare: number | null;
  /** Most drum notes starting at one tick. */
  readonly maximumDrumPolyphony: number;
  /** Seconds in which any note sounds, drums included. */
  readonly soundingSeconds: number;
  /** Share of the time from the start of the file to the last note end in which nothing sounds, 0 to 1; null without notes. */
  readonly silenceShare: number | null;
  /** Notes of all tracks per second of sounding time; null when nothing sounds for a measurable time. */
  readonly notesPerSecond: number | null;
}

/** Legato playing and finger overlap keep a melody below this share of two-note time. */
const MONOPHONIC_SHARE = 0.05;

export function texture(piece: Piece): TextureFeature {
  const pitched = cover(piece);
  const most = mostAtOnce(piece, piece.pitched);
  const { sounding, last } = soundingSeconds(piece);
  const share = pitched.once > 0 ? pitched.twice / pitched.once : null;
  const mono = share === null ? most <= 1 : share <= MONOPHONIC_SHARE;
  return {
    kind: piece.count === 0 ? null : piece.pitched.length === 0 ? "percussive" : mono ? "monophonic" : "polyphonic",
    maximumPolyphony: most,
    meanPolyphony: pitched.once > 0 ? round(pitched.total / pitched.once, 3) : null,
    polyphonicShare: share === null ? null : round(share, 3),
    maximumDrumPolyphony: mostAtOneTick(piece),
    soundingSeconds: round(sounding, 3),
    silenceShare: last > 0 ? round(1 - sounding / last, 3) : null,
    notesPerSecond: sounding > 0 ? round(piece.count / sounding, 3) : null,
  };
}

/**
 * Seconds covered by at least one and by at least two of the pitched notes, and the sum of their lengths. In order of
 * start, what is covered twice reaches no further than what is covered once, so two marks suffice.
 */
function cover({ pitched, startSeconds, endSeconds }: Piece) {
  let once = 0;
  let twice = 0;
  let total = 0;
  let reach1 = 0;
  let reach2 = 0;
  for (let k = 0; k < pitched.length; k++) {
    const i = pitched[k]!;
    const start = startSeconds[i]!;
    const end = endSeconds[i]!;
    total += end - start;
    const second = Math.min(end, reach1);
    if (second > start && second > reach2) {
      twice += second - Math.max(start, reach2);
      reach2 = second;
    }
    if (end > reach1) {
      once += end - Math.max(start, reach1);
      reach1 = end;
    }
  }
  return { once, twice, total };
}

/** Ends of notes that may sound: few enough to look through them all, or the ends are sorted instead. */
const FEW = 64;

/** Those that have ended are struck off only when the rest could be more than ever before. */
function mostAtOnce(piece: Piece, notes: Uint32Array): number {
  const { startTick, endTick } = piece;
  const ends = new Uint32Array(FEW);
  let most = 0;
  let held = 0;
  for (let k = 0; k < notes.length; k++) {
    const i = notes[k]!;
    if (held === most) {
      const start = startTick[i]!;
      let left = 0;
      for (let s = 0; s < held; s++) if (ends[s]! > start) ends[left++] = ends[s]!;
      held = left;
      if (held === FEW) return mostAtOnceSorted(piece, notes);
    }
    ends[held++] = endTick[i]!;
    if (held > most) most = held;
  }
  return most;
}

function mostAtOnceSorted(piece: Piece, notes: Uint32Array): number {
  const sorted = new Uint32Array(notes.length);
  for (let k = 0; k < notes.length; k++) sorted[k] = piece.endTick[notes[k]!]!;
  sorted.sort();
  let most = 0;
  let ended = 0;
  for (let k = 0; k < notes.length; k++) {
    const start = piece.startTick[notes[k]!]!;
    while (sorted[ended]! <= start && ended < k) ended++;
    if (k + 1 - ended > most) most = k + 1 - ended;
  }
  return most;
}

function soundingSeconds({ count, startSeconds, endSeconds }: Piece) {
  let sounding = 0;
  let last = 0;
  for (let i = 0; i < count; i++) {
    const end = endSeconds[i]!;
    if (end <= last) continue;
    const start = startSeconds[i]!;
    sounding += end - Math.max(start, last);
    last = end;
  }
  return { sounding, last };
}

function mostAtOneTick(piece: Piece): number {
  let most = 0;
  let from = 0;
  for (let k = 0; k < piece.drums.length; k++) {
    if (piece.startTick[piece.drums[k]!] !== piece.startTick[piece.drums[from]!]) from = k;
    if (k + 1 - from > most) most = k + 1 - from;
  }
  return most;
}

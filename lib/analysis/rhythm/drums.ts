import { DRUM_PIECES, type DrumGroup, drumGroup } from "../../music/drum-pieces.ts";
import type { Bars } from "../meter/bars.ts";
import { soundsLikeDrums } from "../piece/drum-clip.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";

/**
 * What the drum kit plays; null without drum notes (see drum-channels.ts for what counts as drums). The bar figures are
 * null without beats, or when the usual bar has more than 24 sixteenths.
 */
export interface DrumsFeature {
  /** That it is a kit that plays: 1 where the file says so, less where it is heard by its pitches (drum-clip.ts). */
  readonly confidence: number;
  readonly notes: number;
  /** Kit pieces by General MIDI note number, most played first. */
  readonly pieces: readonly { readonly pitch: number; readonly name: string; readonly count: number }[];
  /**
   * The commonest bar of kick and snare: one character a sixteenth, "x" struck, "." not. `share` is its share of the
   * bars that have drums, 0.2 to 1. Null without either, in a file of several bars when none returns, and where none is common.
   */
  readonly pattern: {
    readonly kick: string;
    readonly snare: string;
    readonly bars: number;
    readonly share: number;
  } | null;
  /** Bars that break the pattern with toms or a run on the snare, at most two in a row, counted from 1; the first 64. */
  readonly fillBars: readonly number[] | null;
  readonly fills: number | null;
  /** Where the snare falls in 4/4: beats 2 and 4 "normal", beat 3 "half", the off-beat eighths "double"; null when it favours none. */
  readonly timeFeel: "normal" | "half" | "double" | null;
  /** How drum strokes divide the beat: halves and quarters "straight", the last third "shuffle", both thirds "triplet"; null with too few between beats. */
  readonly subdivision: "straight" | "shuffle" | "triplet" | null;
}

const MOST_CELLS = 24;
export const MOST_FILLS_LISTED = 64;

/** Of 1,847 files none was taken for a clip of drums by mistake; of their voices, each looked at alone, one in a thousand. */
const HEARD_CONFIDENCE = 0.9;
const GM_DRUM_CHANNEL = 9;

/** A clip on another channel that sounds like drums is so only by its sound, where the file has nothing else. */
function isDeclared({ score, voices }: Piece): boolean {
  return voices.length > 1 || voices[0]!.channel === GM_DRUM_CHANNEL || !soundsLikeDrums(score);
}

export function drums(piece: Piece, bars: Bars | null): DrumsFeature | null {
  if (piece.drums.length === 0) return null;
  const grid = bars !== null && bars.cells <= MOST_CELLS ? barGrid(piece, bars) : null;
  const common = grid ? commonest(grid) : null;
  const fillBars = grid && common ? fills(grid, common) : null;
  return {
    confidence: isDeclared(piece) ? 1 : HEARD_CONFIDENCE,
    notes: piece.drums.length,
    pieces: pieces(piece),
    pattern: grid && common ? describe(grid, common) : null,
    fills: fillBars?.length ?? null,
    fillBars: fillBars?.slice(0, MOST_FILLS_LISTED) ?? null,
    timeFeel: grid && bars!.cells === 16 ? timeFeel(grid) : null,
    subdivision: grid ? subdivision(piece, bars!) : null,
  };
}

function pieces(piece: Piece): DrumsFeature["pieces"] {
  const counts = new Uint32Array(128);
  for (let k = 0; k < piece.drums.length; k++) counts[piece.pitch[piece.drums[k]!]!]!++;
  const used: { pitch: number; name: string; count: number }[] = [];
  for (let pitch = 0; pitch < 128; pitch++)
    if (counts[pitch]! > 0)
      used.push({ pitch, name: DRUM_PIECES[pitch]?.name ?? `Note ${pitch}`, count: counts[pitch]! });
  return used.sort((a, b) => b.count - a.count || a.pitch - b.pitch);
}

/** Per bar: kick and snare cells as bit sets, toms struck, snare strokes, and whether any drum plays. */
interface BarGrid {
  readonly cells: number;
  readonly kick: Uint32Array;
  readonly snare: Uint32Array;
  readonly toms: Uint16Array;
  readonly strokes: Uint16Array;
  readonly played: Uint8Array;
}

const GROUPS: readonly DrumGroup[] = Array.from({ length: 128 }, (_, pitch) => drumGroup(pitch));

function barGrid(piece: Piece, bars: Bars): BarGrid {
  const { cells, count } = bars;
  const kick = new Uint32Array(count);
  const snare = new Uint32Array(count);
  const toms = new Uint16Array(count);
  const strokes = new Uint16Array(count);
  const played = new Uint8Array(count);
  let bar = 0;
  for (let k = 0; k < piece.drums.length; k++) {
    const i = piece.drums[k]!;
    const place = cellOf(piece.startTick[i]!, bars, bar);
    bar = Math.floor(place / cells);
    if (bar >= count) break;
    const cell = place % cells;
    played[bar] = 1;
    const group = GROUPS[piece.pitch[i]!]!;
    if (group === "kick") kick[bar]! |= 1 << cell;
    else if (group === "snare") {
      snare[bar]! |= 1 << cell;
      strokes[bar]!++;
    } else if (group === "tom") toms[bar]!++;
  }
  return { cells, kick, snare, toms, strokes, played };
}

/**
 * Nearest cell of a tick, counted from the first cell of the first bar, searching bars from `bar` on; a stroke just ahead
 * of the bar line belongs to the next bar.
 */
function cellOf(tick: number, bars: Bars, bar: number): number {
  while (bar < bars.count && bars.tick[bar + 1]! <= tick) bar++;
  if (bar >= bars.count) return bar * bars.cells;
  const start = bars.tick[bar]!;
  const cell = Math.round(((tick - start) / (bars.tick[bar + 1]! - start)) * bars.cells);
  return bar * bars.cells + Math.max(0, Math.min(bars.cells, cell));
}

interface Pattern {
  readonly kick: number;
  readonly snare: number;
  readonly bars: number;
}

/** A bar that makes up a smaller share of those with drums is no pattern; nor is one without the kick of a kit that plays it so often. */
const LEAST_PATTERN_SHARE = 0.2;
const KICK_SHARE = 0.25;

function commonest({ kick, snare, played }: BarGrid): Pattern | null {
  const bars = played.reduce((sum, p) => sum + p, 0);
  const withKick = kick.reduce((sum, set) => (set !== 0 ? sum + 1 : sum), 0) >= KICK_SHARE * bars;
  const seen = new Map<number, number>();
  let [best, most] = [0, 0];
  for (let bar = 0; bar < kick.length; bar++) {
    const code = kick[bar]! * 2 ** MOST_CELLS + snare[bar]!;
    if (code === 0 || (withKick && kick[bar] === 0)) continue;
    const times = (seen.get(code) ?? 0) + 1;
    seen.set(code, times);
    if (times > most) [best, most] = [code, times];
  }
  if (most < Math.min(2, kick.length) || most < LEAST_PATTERN_SHARE * bars) return null;
  return { kick: Math.floor(best / 2 ** MOST_CELLS), snare: best % 2 ** MOST_CELLS, bars: most };
}

function describe(grid: BarGrid, common: Pattern): DrumsFeature["pattern"] {
  const draw = (set: number) =>
    Array.from({ length: grid.cells }, (_, cell) => ((set >> cell) & 1 ? "x" : ".")).join("");
  const played = grid.played.reduce((sum, p) => sum + p, 0);
  return {
    kick: draw(common.kick),
    snare: draw(common.snare),
    bars: common.bars,
    share: round(common.bars / played, 3),
  };
}

const LONGEST_FILL = 2;

/**
 * Bars after a played one that differ from the pattern and add three tom strokes, or four snare strokes, to the usual. More
 * than two of them in a row are another groove.
 */
function fills({ kick, snare, toms, strokes, played }: BarGrid, common: Pattern): number[] {
  const found: number[] = [];
  const usualToms = median(toms, played);
  const usualStrokes = median(strokes, played);
  let run = 0;
  for (let bar = 1; bar < kick.length; bar++) {
    const follows = played[bar] === 1 && played[bar - 1] === 1;
    const breaks = kick[bar] !== common.kick || snare[bar] !== common.snare || toms[bar]! > usualToms;
    const rolls = toms[bar]! >= usualToms + 3 || strokes[bar]! >= usualStrokes + 4;
    run = follows && breaks && rolls ? run + 1 : 0;
    if (run > LONGEST_FILL + 1) continue;
    if (run > LONGEST_FILL) found.length -= LONGEST_FILL;
    else if (run > 0) found.push(bar + 1);
  }
  return found;
}

function median(values: Uint16Array, played: Uint8Array): number {
  const sorted = values.filter((_, bar) => played[bar] === 1).sort();
  return sorted[sorted.length >> 1] ?? 0;
}

const BACKBEATS = [4, 12];
const BEAT_THREE = [8];
const OFF_BEATS = [2, 6, 10, 14];

/** Mean share of bars that strike each place; a feel wins at 40 % and when twice as common as any other. */
function timeFeel({ snare, kick }: BarGrid): DrumsFeature["timeFeel"] {
  let bars = 0;
  const hits = new Uint32Array(16);
  for (let bar = 0; bar < snare.length; bar++) {
    if (snare[bar] === 0 && kick[bar] === 0) continue;
    bars++;
    for (let cell = 0; cell < 16; cell++) hits[cell]! += (snare[bar]! >> cell) & 1;
  }
  if (bars < Math.min(2, snare.length)) return null;
  const share = (cells: readonly number[]) => cells.reduce((sum, cell) => sum + hits[cell]!, 0) / cells.length / bars;
  const feels = [
    ["normal", share(BACKBEATS)],
    ["half", share(BEAT_THREE)],
    ["double", share(OFF_BEATS)],
  ] as const;
  const [first, second] = [...feels].sort((a, b) => b[1] - a[1]);
  return first![1] >= 0.4 && first![1] >= 2 * second![1] ? first![0] : null;
}

const LEAST_OFF_BEATS = 8;

/** Where strokes fall inside the beat: thirds against halves and quarters, each within a twentieth of a beat. */
function subdivision(piece: Piece, bars: Bars): DrumsFeature["subdivision"] {
  const near = new Uint32Array(13);
  let bar = 0;
  for (let k = 0; k < piece.drums.length; k++) {
    const tick = piece.startTick[piece.drums[k]!]!;
    while (bar < bars.count && bars.tick[bar + 1]! <= tick) bar++;
    if (bar >= bars.count) break;
    const beats = ((tick - bars.tick[bar]!) / (bars.tick[bar + 1]! - bars.tick[bar]!)) * bars.beats;
    const twelfths = (beats - Math.floor(beats)) * 12;
    if (Math.abs(twelfths - Math.round(twelfths)) < 0.5) near[Math.round(twelfths)]!++;
  }
  const straight = near[6]! + near[3]! + near[9]!;
  const [first, last] = [near[4]!, near[8]!];
  if (straight + first + last < LEAST_OFF_BEATS) return null;
  if (last <= 2 * straight) return straight >= 2 * last ? "straight" : null;
  return first > last / 2 ? "triplet" : "shuffle";
}

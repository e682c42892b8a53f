import type { Onsets } from "./beats/onsets.ts";
import type { Features } from "./features.ts";
import { MAX_CHORDS } from "./harmony/chords.ts";
import { MAX_SIGNATURES } from "./harmony/key-signatures.ts";
import type { Bars } from "./meter/bars.ts";
import { mostBeats } from "./meter/beats.ts";
import { MAX_CHANGES } from "./meter/meter.ts";
import type { Piece } from "./piece/piece.ts";
import { MOST_FILLS_LISTED } from "./rhythm/drums.ts";
import { MOST_BARS } from "./structure/scratch.ts";
import { MOST_CONTROLLERS } from "./tracks/expression.ts";
import { MOST_PROGRAMS } from "./tracks/programs.ts";
import { MOST_TRACKS } from "./tracks/tracks.ts";

/**
 * Names of the results that cover only a part of what the file holds, because lists and windows are bounded: of a black
 * MIDI file with millions of notes, or one with a nonsense of events. Empty for all but the strangest files.
 */
export function capped(f: Omit<Features, "capped">, piece: Piece, o: Onsets, bars: Bars | null): string[] {
  const limits: readonly (readonly [string, boolean])[] = [
    ["beats", (f.beats?.count ?? 0) >= mostBeats(piece.count)],
    ["beats.seconds", (f.beats?.seconds?.length ?? f.beats?.count ?? 0) < (f.beats?.count ?? 0)],
    ["chords", (f.chords?.length ?? 0) >= MAX_CHORDS],
    ["drums.fillBars", (f.drums?.fills ?? 0) > MOST_FILLS_LISTED],
    ["expression.controllers", f.expression.controllers.length >= MOST_CONTROLLERS],
    ["keySignatures", f.keySignatures.length >= MAX_SIGNATURES],
    ["meter.changes", (f.meter?.changes.length ?? 0) >= MAX_CHANGES],
    ["rhythm", f.rhythm !== null && o.truncated],
    ["structure", f.structure !== null && bars !== null && bars.count > MOST_BARS],
    ["tempo.map", f.tempo.mapTruncated],
    ["text", f.text.capped],
    ["tracks", piece.voices.length > MOST_TRACKS],
    ["tracks.programs", f.tracks.some((track) => track.programs.length >= MOST_PROGRAMS)],
  ];
  return limits.filter(([, cut]) => cut).map(([name]) => name);
}

import { basename } from "node:path";
import { DEGREES } from "../../../lib/music/chord-types.ts";
import { pitchClass } from "../../../lib/music/note-names.ts";
import { meterOf } from "./annotated-beats.ts";
import {
  type TruthBeats,
  type TruthChord,
  type TruthKey,
  type TruthPhrase,
  type TruthPiece,
  tableRows,
  UNKNOWN,
} from "./truth-piece.ts";

/** Reads a text of the data folder; null when it is not there. */
export type ReadText = (path: string) => string | null;

/**
 * The pieces of a `MANIFEST.tsv`: `file`, `set`, `key`, `time_sig`, `tempo_bpm`, `performed` (yes or no), whatever is
 * known. Chords and beats of `.../001.mid` stand in `truth_annotations/SET/001_chord_midi.txt` (seconds, seconds, Harte's
 * label) and `001_beat_midi.txt` (seconds, half bar 1, bar 1); phrases in
 * `sections/001_human_label1.txt` and `2`.
 */
export function listed(manifest: string, read: ReadText): TruthPiece[] {
  return tableRows(manifest).flatMap((row): TruthPiece[] => {
    const { file = "", set = "", performed = "" } = row;
    const number = /(?:^|_|\/)(\w+?)\.midi?$/i.exec(basename(file))?.[1] ?? "";
    const song = number.split("_").pop()!;
    const text = (name: string) => read(`truth_annotations/${set}/${song}_${name}.txt`);
    const chords = text("chord_midi");
    const beats = text("beat_midi");
    const tempo = Number(row.tempo_bpm);
    const performance = performed === "yes" || /^performance\//.test(file);
    const piece: TruthPiece = {
      ...UNKNOWN,
      path: file,
      collection: set,
      composition: file,
      performed: performed === "no" || row.set === "nottingham" ? false : null,
      key: keyOf(row.key ?? ""),
      meter: meterOf(row.time_sig ?? ""),
      beatsPerMinute: performance && tempo > 0 ? tempo : null,
      chords: chords === null ? null : harteChords(chords),
      beats: beats === null ? null : columnBeats(beats),
      phrases: set === "pop909" ? phrasesOf(song, read) : null,
    };
    const known = Object.entries(piece).some(([name, value]) => name in UNKNOWN && value !== null);
    return known ? [piece] : [];
  });
}

function keyOf(text: string): TruthKey | null {
  const [, name, mode] = /^([A-G][b#]?) (major|minor)$/.exec(text) ?? [];
  return name === undefined ? null : { tonic: pitchClass(name)!, minor: mode === "minor" };
}

const lines = (text: string) => text.split(/\r?\n/).filter((line) => line.trim() !== "");

function harteChords(text: string): TruthChord[] {
  return lines(text).map((line) => {
    const [from, to, label = "N"] = line.split(/\s+/);
    const [chord = "N", over = "1"] = label.split("/");
    const [root = "", kind = "maj"] = chord.split(":");
    const at = pitchClass(root);
    const bass = Math.max(0, DEGREES.indexOf(over));
    return { from: Number(from), to: Number(to), root: at ?? -1, kind: at === null ? "N" : kind, bass };
  });
}

function columnBeats(text: string): TruthBeats {
  const rows = lines(text).map((line) => line.split(/\s+/).map(Number));
  return { seconds: rows.map(([at]) => at!), downbeats: rows.filter((row) => row[2] === 1).map(([at]) => at!) };
}

function phrasesOf(song: string, read: ReadText): TruthPhrase[][] | null {
  const people = [1, 2].flatMap((person) => {
    const text = read(`sections/${song}_human_label${person}.txt`);
    return text === null ? [] : [phrases(text)];
  });
  return people.length > 0 ? people : null;
}

/** "i4A8B8": a letter and bars. */
function phrases(text: string): TruthPhrase[] {
  return [...text.matchAll(/([A-Za-z])(\d+)/g)].map(([, label, bars]) => ({ label: label!, bars: Number(bars) }));
}

import { type TruthBeats, type TruthMeter, type TruthPiece, UNKNOWN } from "./truth-piece.ts";

/**
 * A piece with beats written beside it (`NAME_annotations.txt`): seconds, seconds, then `db` for a downbeat, `b` for a
 * beat, `bR` for an uncertain one, and after a comma the time signature and the key signature where they change.
 * `midi_score.mid` is the score, every other file of the folder a performance of it.
 */
export function annotatedBeats(path: string, collection: string, composition: string, text: string): TruthPiece {
  const beats: TruthBeats & { seconds: number[]; downbeats: number[] } = { seconds: [], downbeats: [] };
  const lasts = new Map<string, number>();
  let meter = "";
  for (const line of text.split("\n")) {
    const [seconds = "", , label = ""] = line.trim().split("\t");
    if (label === "") continue;
    const [kind, signature = ""] = label.split(",");
    if (signature !== "") meter = signature;
    lasts.set(meter, (lasts.get(meter) ?? 0) + 1);
    beats.seconds.push(Number(seconds));
    if (kind === "db") beats.downbeats.push(Number(seconds));
  }
  const [main = ""] = [...lasts].sort((a, b) => b[1] - a[1])[0] ?? [];
  const performed = !/(^|\/)midi_score\.midi?$/.test(path);
  return {
    ...UNKNOWN,
    path,
    collection: performed ? collection : `${collection} (scores)`,
    composition,
    performed,
    meter: meterOf(main),
    beats: beats.seconds.length > 1 ? beats : null,
    beatsPerMinute: performed ? medianTempo(beats.seconds) : null,
  };
}

/** "3/4" as numbers; null for anything else. */
export function meterOf(text: string): TruthMeter | null {
  const [, numerator, denominator] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  return numerator === undefined ? null : { numerator: Number(numerator), denominator: Number(denominator) };
}

function medianTempo(seconds: readonly number[]): number | null {
  const gaps = seconds.slice(1).map((second, i) => second - seconds[i]!);
  const middle = gaps.sort((a, b) => a - b)[gaps.length >> 1];
  return middle === undefined || middle <= 0 ? null : 60 / middle;
}

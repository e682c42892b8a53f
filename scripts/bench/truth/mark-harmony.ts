import type { Chord } from "../../../lib/analysis/harmony/chords.ts";
import type { StepResults } from "../../../lib/analysis/steps.ts";
import { CHORD_TYPES, DEGREES } from "../../../lib/music/chord-types.ts";
import { pitchClass } from "../../../lib/music/note-names.ts";
import type { Mark, Marks, Said } from "./mark.ts";
import { spansTogether } from "./spans-together.ts";
import type { TruthChord, TruthKey, TruthKeySpan, TruthPiece } from "./truth-piece.ts";

/** Key, local keys and chords. */
export function markHarmony(piece: TruthPiece, { harmony }: StepResults): Marks {
  const chords = markChords(piece, harmony.chords);
  const key = markKey(piece, harmony.key);
  return {
    marks: [...key.marks, ...markLocalKeys(piece, harmony.key), ...chords.marks],
    said: [...key.said, ...chords.said],
  };
}

type SaidKey = StepResults["harmony"]["key"];

const same = (a: TruthKey, b: TruthKey) => a.tonic === b.tonic && a.minor === b.minor;
const keyOf = ({ tonic, mode }: { readonly tonic: string; readonly mode: string }): TruthKey => ({
  tonic: pitchClass(tonic)!,
  minor: mode === "minor",
});

function markKey({ key: truth }: TruthPiece, said: SaidKey): Marks {
  if (truth === null) return { marks: [], said: [] };
  const score = said && Number(same(keyOf(said), truth));
  return {
    marks: [{ what: "key", score, truth: `${truth.tonic} ${truth.minor}` }],
    said: said ? [{ what: "key", confidence: said.confidence, right: score!, weight: 1 }] : [],
  };
}

/** A stretch in a foreign key is found when that key is said for at least half of it. */
const FOUND = 0.5;
const STRETCHES = [
  { name: "16-32", least: 16, most: 32 },
  { name: "32-64", least: 32, most: 64 },
  { name: "64+", least: 64, most: Number.POSITIVE_INFINITY },
];

/** Trivial: the true main key all along. */
function markLocalKeys({ localKeys: truth, key: main }: TruthPiece, said: SaidKey): Mark[] {
  if (truth === null || main === null || truth.length === 0) return [];
  const end = truth[truth.length - 1]!.to;
  const changes = said?.changes ?? [];
  const spans = changes.map((change, i) => ({
    ...keyOf(change),
    from: i === 0 ? 0 : change.startSeconds,
    to: changes[i + 1]?.startSeconds ?? end,
  }));
  const right = new Map<TruthKeySpan, number>();
  spansTogether(truth, spans, (want, have, seconds) => {
    if (same(want, have)) right.set(want, (right.get(want) ?? 0) + seconds);
  });
  const total = truth.reduce((sum, { from, to }) => sum + to - from, 0);
  const home = truth.reduce((sum, span) => sum + (same(span, main) ? span.to - span.from : 0), 0);
  const share = [...right.values()].reduce((sum, seconds) => sum + seconds, 0) / total;
  const marks: Mark[] = [{ what: "local key, time", score: said ? share : null, trivial: home / total }];
  for (const { name, least, most } of STRETCHES) {
    for (const span of truth) {
      if (same(span, main) || span.quarters < least || span.quarters >= most) continue;
      const heard = (right.get(span) ?? 0) >= FOUND * (span.to - span.from);
      marks.push({ what: `modulations of ${name} quarters`, score: Number(heard), trivial: 0 });
    }
  }
  return marks;
}

/** Major or minor by the third; the rest is neither. */
function thirdOf(kind: string): "major" | "minor" | "none" {
  if (/^(sus|aug|5|1)/.test(kind)) return "none";
  return /^(min|dim|hdim)/.test(kind) ? "minor" : "major";
}

/** Trivial: the true main key's tonic chord all along. */
function markChords({ chords: truth, key }: TruthPiece, list: readonly Chord[] | null): Marks {
  if (truth === null) return { marks: [], said: [] };
  const wanted = truth.filter(({ kind }) => kind !== "N" && thirdOf(kind) !== "none");
  const total = wanted.reduce((sum, { from, to }) => sum + to - from, 0);
  if (total === 0) return { marks: [], said: [] };
  const tally = { root: 0, triad: 0, exact: 0 };
  const right = new Map<SpokenChord, number>();
  const overlap = new Map<SpokenChord, number>();
  spansTogether(wanted, (list ?? []).map(spoken), (want, have, seconds) => {
    overlap.set(have, (overlap.get(have) ?? 0) + seconds);
    if (want.root !== have.root) return;
    tally.root += seconds;
    if (thirdOf(want.kind) !== thirdOf(have.kind)) return;
    tally.triad += seconds;
    right.set(have, (right.get(have) ?? 0) + seconds);
    if (want.kind === have.kind && want.bass === have.bass) tally.exact += seconds;
  });
  const mark = (what: string, seconds: number, trivial: number): Mark => ({
    what: `chords, ${what}`,
    score: list === null ? null : seconds / total,
    trivial: key ? trivial / total : 0,
  });
  const on = (fits: (chord: TruthChord) => boolean) =>
    wanted.reduce((sum, chord) => sum + (fits(chord) ? chord.to - chord.from : 0), 0);
  const tonic = key?.tonic ?? -1;
  const third = key?.minor ? "minor" : "major";
  const marks = [
    mark(
      "root",
      tally.root,
      on(({ root }) => root === tonic),
    ),
    mark(
      "root and triad",
      tally.triad,
      on(({ root, kind }) => root === tonic && thirdOf(kind) === third),
    ),
    mark(
      "exact",
      tally.exact,
      on(({ root, kind, bass }) => root === tonic && kind === (key?.minor ? "min" : "maj") && bass === 0),
    ),
  ];
  return { marks, said: saidOf(overlap, right) };
}

interface SpokenChord extends TruthChord {
  readonly confidence: number | null;
}

function spoken(chord: Chord): SpokenChord {
  const { label, startSeconds: from, endSeconds: to } = chord;
  const [name = "N", over = "1"] = label.split("/");
  const at = name.indexOf(":");
  const root = pitchClass(name.slice(0, Math.max(0, at))) ?? -1;
  const kind = root < 0 ? "N" : name.slice(at + 1);
  const { confidence } = chord;
  return { from, to, root, kind, bass: Math.max(0, DEGREES.indexOf(over)), confidence };
}

function saidOf(overlap: ReadonlyMap<SpokenChord, number>, right: ReadonlyMap<SpokenChord, number>): Said[] {
  return [...overlap].flatMap(([chord, seconds]) => {
    if (chord.confidence === null || !CHORD_TYPES.some(({ name }) => name === chord.kind)) return [];
    return [
      { what: "chords", confidence: chord.confidence, right: (right.get(chord) ?? 0) / seconds, weight: seconds },
    ];
  });
}

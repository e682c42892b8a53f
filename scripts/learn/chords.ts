import { CONFIDENCE_FACTS, confidenceFacts } from "../../lib/analysis/harmony/search/chord-confidence.ts";
import { ChordSearch, NONE } from "../../lib/analysis/harmony/search/chord-path.ts";
import { chordSegments, createSegmentScratch, hearStretch } from "../../lib/analysis/harmony/search/chord-segments.ts";
import { SpreadChordSearch, type SpreadChordWeights } from "../../lib/analysis/harmony/search/spread-chords.ts";
import { isSpread } from "../../lib/analysis/harmony/search/texture.ts";
import { CHORD_TYPES, FAMILIES } from "../../lib/music/chord-types.ts";
import type { TruthChord } from "../bench/truth/truth-piece.ts";
import { fitSpreadChords } from "./harmony/fit-spread-chords.ts";
import { FOLDS, foldOf, type Heard, hearPieces, labelSpans } from "./harmony/heard.ts";
import { setOf } from "./harmony/sets.ts";
import type { LearnedScore } from "./learned-file.ts";
import { type Learned, lessonScript } from "./lesson.ts";
import { type Example, fitRate } from "./regression.ts";

const SEED = 1;

export const script = lessonScript({
  name: "chords",
  description: "Chords that are spread over lines, and how sure each chord is",
  async learn(data, log) {
    const all = hearPieces(data);
    const expert = all.filter(({ truth }) => truth.localKeys !== null);
    const collections = [...new Set(expert.map(({ truth }) => truth.collection))];
    const fold = ({ truth }: Heard) => foldOf(truth.collection, collections);
    log(`${expert.length} pieces with experts' chords, ${all.length - expert.length} others`);
    const weights = fitSpreadChords(expert, SEED);
    const left: SpreadChordWeights[] = [];
    for (let f = 0; f < FOLDS; f++) {
      left.push(
        fitSpreadChords(
          expert.filter((heard) => fold(heard) !== f),
          SEED,
        ),
      );
      log(`collections left out, ${f + 1} of ${FOLDS}`);
    }
    const unseen = (heard: Heard) => (heard.truth.localKeys === null ? weights : left[fold(heard)]!);
    return [spreadFile(expert, weights, unseen), confidenceFile(all, unseen)];
  },
});

const struck = new ChordSearch();
const spread = new SpreadChordSearch();

const searchSpread = (weights: SpreadChordWeights) => (heard: Heard) =>
  spread.path(heard.chroma, heard.spans.strength, heard.windows, weights);
const searchStruck = ({ chroma, spans }: Heard) => struck.path(chroma, spans.strength);

function spreadFile(
  expert: readonly Heard[],
  weights: SpreadChordWeights,
  unseen: (heard: Heard) => SpreadChordWeights,
): Learned {
  const fitting = expert.filter(({ chroma }) => isSpread(chroma));
  const on = (
    name: LearnedScore["on"],
    what: string,
    pieces: readonly Heard[],
    search: (heard: Heard) => Uint8Array,
  ) => {
    const [root, triad] = rightShares(pieces, search);
    return [
      { what: `${what}, root right, share of time`, on: name, value: root!, pieces: pieces.length },
      { what: `${what}, root and third right, share of time`, on: name, value: triad!, pieces: pieces.length },
    ];
  };
  return {
    file: "lib/analysis/harmony/search/learned-spread-chords.ts",
    head: {
      about: "Weights of the search for chords that are spread over lines (spread-chords.ts).",
      sets: [setOf("keyboard", expert.length)],
      seed: SEED,
      scores: [
        ...on("in sample", "all pieces", expert, searchSpread(weights)),
        ...on("collections left out", "all pieces", expert, (heard) => searchSpread(unseen(heard))(heard)),
        ...on("collections left out", "pieces it is used for", fitting, (heard) => searchSpread(unseen(heard))(heard)),
        ...on("collections left out", "the same by the templates of chord-path.ts", fitting, searchStruck),
      ],
    },
    body: `// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: learned numbers, not constants\nimport type { SpreadChordWeights } from "./spread-chords.ts";\n\nexport const SPREAD_CHORDS: SpreadChordWeights = ${object(weights)};`,
  };
}

/** An object of lists as the formatter writes it. */
function object(lists: object): string {
  const lines = Object.entries(lists).map(
    ([name, list]) => `  // biome-ignore format: numbers\n  ${name}: ${JSON.stringify(list)},`,
  );
  return `{\n${lines.join("\n")}\n}`;
}

type Third = "major" | "minor" | "none";
const thirdOf = (kind: string): Third =>
  /^(sus|aug|5|1)/.test(kind) ? "none" : /^(min|dim|hdim)/.test(kind) ? "minor" : "major";

/** Root times 3 plus third (0 major, 1 minor), -1 for what is not judged. */
function judged({ root, kind }: TruthChord): number {
  const third = thirdOf(kind);
  return root < 0 || third === "none" ? -1 : root * 3 + Number(third === "minor");
}

function judgedState(state: number): number {
  if (state === NONE) return -1;
  const family = state % FAMILIES;
  return Math.floor(state / FAMILIES) * 3 + [0, 1, 1, 2, 2, 2][family]!;
}

/** Mean over the pieces of the shares of time in which the root, and root and third, are right. */
function rightShares(pieces: readonly Heard[], search: (heard: Heard) => Uint8Array): [number, number] {
  let [roots, triads, count] = [0, 0, 0];
  for (const heard of pieces) {
    const { seconds, truth } = heard;
    const path = search(heard);
    const labels = labelSpans(seconds, truth.chords!, judged);
    let [all, root, triad] = [0, 0, 0];
    for (let s = 0; s < labels.length; s++) {
      const want = labels[s]!;
      if (want < 0) continue;
      const time = seconds[s + 1]! - seconds[s]!;
      const said = judgedState(path[s]!);
      all += time;
      if (said >= 0 && Math.floor(said / 3) === Math.floor(want / 3)) root += time;
      if (said === want) triad += time;
    }
    if (all === 0) continue;
    roots += root / all;
    triads += triad / all;
    count++;
  }
  return [roots / count, triads / count];
}

const RIDGE = 1e-3;

/** Learned from chords that were searched with weights that had not seen the piece's collection. */
function confidenceFile(all: readonly Heard[], unseen: (heard: Heard) => SpreadChordWeights): Learned {
  const examples: [Example[], Example[]] = [[], []];
  const byCollection = Map.groupBy(all, ({ truth }) => truth.collection);
  const expertCollections = [...byCollection.values()].filter(([first]) => first!.truth.localKeys !== null).length;
  for (const pieces of byCollection.values()) {
    const share = pieces[0]!.truth.localKeys === null ? 1 : 1 / expertCollections;
    const found = pieces.map((heard) => ({ lines: isSpread(heard.chroma), list: examplesOf(heard, unseen(heard)) }));
    for (const lines of [false, true]) {
      const list = found.filter((one) => one.lines === lines).flatMap((one) => one.list);
      const weight = list.reduce((sum, one) => sum + one.weight, 0);
      for (const one of list) examples[Number(lines)]!.push({ ...one, weight: (share * one.weight) / weight });
    }
  }
  const rows = examples.map((list) => {
    const { weights, bias } = fitRate(list, RIDGE);
    return [bias, ...weights].map((x) => Number(x.toFixed(3)));
  });
  const scores = rows.map(
    (row, i): LearnedScore => ({
      what: `${i === 0 ? "struck" : "spread"} chords, mean distance of confidence said from share right, by tenths`,
      on: "in sample",
      value: distance(examples[i]!, row),
      pieces: all.filter(({ chroma }) => isSpread(chroma) === (i === 1)).length,
    }),
  );
  return {
    file: "lib/analysis/harmony/search/learned-chord-confidence.ts",
    head: {
      about:
        "Weights of the facts from which the confidence of a chord is told: a row for struck chords, one for chords spread over lines. The spread ones were searched with weights that had not seen the piece's collection.",
      sets: [
        setOf("keyboard", all.filter(({ truth }) => truth.localKeys !== null).length),
        setOf("pop909", all.filter(({ truth }) => truth.localKeys === null).length),
      ],
      seed: SEED,
      scores,
    },
    body: `export const CHORD_CONFIDENCE: readonly (readonly number[])[] = [\n${rows.map((row) => `  [${row.join(", ")}],`).join("\n")}\n];`,
  };
}

/** The facts of every named stretch, how much of it is right, and its seconds. */
function examplesOf(heard: Heard, weights: SpreadChordWeights): Example[] {
  const { chroma, spans, seconds, truth } = heard;
  const lines = isSpread(chroma);
  const path = lines ? searchSpread(weights)(heard) : searchStruck(heard);
  const scratch = createSegmentScratch();
  const segments = chordSegments(chroma, path, spans.strength, lines, scratch);
  const labels = labelSpans(seconds, truth.chords!, judged);
  const facts = new Float64Array(CONFIDENCE_FACTS.length);
  const examples: Example[] = [];
  for (let i = 0; i < segments.count; i++) {
    if (segments.root[i]! < 0) continue;
    const [from, to] = [segments.span[i]!, segments.span[i + 1]!];
    let [time, right] = [0, 0];
    const type = segments.type[i]!;
    const said = segments.root[i]! * 3 + ["major", "minor", "none"].indexOf(thirdOf(CHORD_TYPES[type]!.name));
    for (let s = from; s < to; s++) {
      if (labels[s]! < 0) continue;
      time += seconds[s + 1]! - seconds[s]!;
      if (labels[s] === said) right += seconds[s + 1]! - seconds[s]!;
    }
    if (time === 0) continue;
    hearStretch(chroma, from, to, scratch);
    confidenceFacts(scratch.shares, segments.root[i]!, type, segments.bass[i]!, to - from, facts);
    examples.push({ traits: Array.from(facts.subarray(1)), target: right / time, weight: time });
  }
  return examples;
}

/** Mean over the examples of the distance between what is said and what is right in its tenth. */
function distance(examples: readonly Example[], [bias, ...weights]: readonly number[]): number {
  const tenths = Array.from({ length: 10 }, () => ({ weight: 0, said: 0, right: 0 }));
  for (const { traits, target, weight } of examples) {
    const said = 1 / (1 + Math.exp(-traits.reduce((sum, x, i) => sum + x * weights[i]!, bias!)));
    const tenth = tenths[Math.min(9, Math.floor(said * 10))]!;
    tenth.weight += weight;
    tenth.said += weight * said;
    tenth.right += weight * target;
  }
  const all = tenths.reduce((sum, { weight }) => sum + weight, 0);
  return tenths.reduce((sum, { said, right }) => sum + Math.abs(said - right), 0) / all;
}

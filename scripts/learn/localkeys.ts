import { key } from "../../lib/analysis/harmony/key.ts";
import { KEY_WINDOW, keyCounts, type LocalKeyWeights, localKeys } from "../../lib/analysis/harmony/local-keys.ts";
import { createHarmonyScratch } from "../../lib/analysis/harmony/scratch.ts";
import { type ChordSegments, chordSegments } from "../../lib/analysis/harmony/search/chord-segments.ts";
import { isSpread } from "../../lib/analysis/harmony/search/texture.ts";
import { fitLocalKeys, type KeyedPiece } from "./harmony/fit-local-keys.ts";
import { FOLDS, foldOf, type Heard, hearPieces, labelSpans } from "./harmony/heard.ts";
import { setOf } from "./harmony/sets.ts";
import type { LearnedScore } from "./learned-file.ts";
import { lessonScript } from "./lesson.ts";

const SEED = 1;

interface Keyed extends KeyedPiece {
  readonly heard: Heard;
  readonly segments: ChordSegments;
}

export const script = lessonScript({
  name: "localkeys",
  description: "The key that holds from moment to moment",
  async learn(data, log) {
    const pieces = hearPieces(data).flatMap(keyed);
    const collections = [...new Set(pieces.map(({ heard }) => heard.truth.collection))];
    const fold = ({ heard }: Keyed) => foldOf(heard.truth.collection, collections);
    log(`${pieces.length} pieces`);
    const weights = fitLocalKeys(pieces, SEED);
    const left = Array.from({ length: FOLDS }, (_, f) =>
      fitLocalKeys(
        pieces.filter((piece) => fold(piece) !== f),
        SEED,
      ),
    );
    const scores = [
      ...scoresOf("in sample", pieces, () => weights),
      ...scoresOf("collections left out", pieces, (piece) => left[fold(piece)]!),
    ];
    const lines = Object.entries(weights).map(
      ([name, x]) => `  // biome-ignore format: numbers\n  ${name}: ${JSON.stringify(x)},`,
    );
    return [
      {
        file: "lib/analysis/harmony/learned-local-keys.ts",
        head: {
          about:
            "Weights of the search for the key of each moment (local-keys.ts), on chords and main keys as the analysis finds them.",
          sets: [setOf("keyboard", pieces.length)],
          seed: SEED,
          scores,
        },
        body: `import type { LocalKeyWeights } from "./local-keys.ts";\n\nexport const LOCAL_KEYS: LocalKeyWeights = {\n${lines.join("\n")}\n};`,
      },
    ];
  },
});

const scratch = createHarmonyScratch();

function keyed(heard: Heard): Keyed[] {
  const { chroma, spans, windows, truth, piece, seconds } = heard;
  if (truth.localKeys === null) return [];
  const lines = isSpread(chroma);
  const path = lines
    ? scratch.spread.path(chroma, spans.strength, windows)
    : scratch.struck.path(chroma, spans.strength);
  const segments = chordSegments(chroma, path, spans.strength, lines, scratch.segment);
  const found = key(piece, chroma, segments, windows, null, scratch.key);
  if (found === null) return [];
  const counts = keyCounts(chroma, segments);
  const count = Math.ceil(chroma.count / KEY_WINDOW);
  const at = Float64Array.from({ length: count + 1 }, (_, w) => seconds[Math.min(chroma.count, w * KEY_WINDOW)]!);
  const labels = labelSpans(at, truth.localKeys, ({ tonic, minor }) => tonic + (minor ? 12 : 0));
  return [{ heard, segments, counts, main: found.key, labels }];
}

const SHORT = { least: 16, most: 32 };

/** Share of the time in the right key, and the share of short modulations that are found: said for half of them or more. */
function scoresOf(
  on: LearnedScore["on"],
  pieces: readonly Keyed[],
  weights: (piece: Keyed) => LocalKeyWeights,
): LearnedScore[] {
  let [time, timed] = [0, 0];
  let [found, short] = [0, 0];
  for (const piece of pieces) {
    const { heard, segments, main } = piece;
    const { truth, seconds, chroma } = heard;
    const path = localKeys(chroma, segments, main, weights(piece));
    const home = truth.key!.tonic + (truth.key!.minor ? 12 : 0);
    let [all, right] = [0, 0];
    for (const span of truth.localKeys!) {
      const want = span.tonic + (span.minor ? 12 : 0);
      const got = secondsIn(path, seconds, chroma.count, want, span.from, span.to);
      all += span.to - span.from;
      right += got;
      if (want === home || span.quarters < SHORT.least || span.quarters >= SHORT.most) continue;
      short++;
      if (got >= (span.to - span.from) / 2) found++;
    }
    if (all === 0) continue;
    time += right / all;
    timed++;
  }
  return [
    { what: "share of the time in the right key", on, value: time / timed, pieces: timed },
    { what: `modulations of 16 to 32 quarters found, of ${short}`, on, value: found / short, pieces: pieces.length },
  ];
}

function secondsIn(
  path: Uint8Array,
  seconds: Float64Array,
  spans: number,
  key: number,
  from: number,
  to: number,
): number {
  let sum = 0;
  for (let w = 0; w < path.length; w++) {
    if (path[w] !== key) continue;
    const begin = seconds[w * KEY_WINDOW]!;
    const end = seconds[Math.min(spans, (w + 1) * KEY_WINDOW)]!;
    sum += Math.max(0, Math.min(end, to) - Math.max(begin, from));
  }
  return sum;
}

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkTable } from "../../lib/analysis/beats/network-weights.ts";
import { FEATURES } from "../../lib/analysis/beats/onset-features.ts";
import { type Annotated, annotatedPieces } from "./beats/annotated.ts";
import { type ExampleEntry, writeExamples } from "./beats/examples.ts";
import {
  downbeatsOf,
  downbeatTimes,
  type Followed,
  fMeasure,
  follow,
  type HeardPiece,
  hearPieces,
  isNear,
  learnChoice,
  learnPlayed,
  meterOf,
  meterScores,
  sharpness,
} from "./beats/weighed.ts";
import type { LearnedScore, LearnedSet } from "./learned-file.ts";
import { type Learned, lessonScript } from "./lesson.ts";

const SEED = 2;
const FOLDS = 4;
/** As fit.py has them. */
const SHAPE = { features: FEATURES, columns: [24, 32, 48], steps: [1, 2, 4, 8] } as const;

export const script = lessonScript({
  name: "beats",
  description: "Beats, bars, tempo and meter of performances: the network and what weighs its answers",
  async learn(data, log) {
    const directory = mkdtempSync(join(tmpdir(), "midiworks-beats-"));
    try {
      const entries = writeExamples(data, directory, SEED);
      log(`${entries.length} examples written to ${directory}`);
      await teach(directory);
      return learnFromNetworks(data, directory, entries);
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
});

/** Runs fit.py: takes a quarter of an hour, and needs PyTorch. `PYTHON` names another interpreter than python3. */
async function teach(directory: string): Promise<void> {
  const program = join(import.meta.dir, "beats/fit.py");
  const run = Bun.spawn([process.env.PYTHON ?? "python3", program, directory], {
    stdout: "inherit",
    stderr: "inherit",
  });
  const code = await run.exited;
  if (code !== 0) throw new Error(`Cannot teach the network: ${program} ended with ${code}, expected 0`);
}

/** From the tables of fit.py in `directory`. */
export function learnFromNetworks(data: string, directory: string, entries: readonly ExampleEntry[]): Learned[] {
  const table = (name: string): NetworkTable => ({
    ...SHAPE,
    weights: readFileSync(join(directory, `${name}.bin`)).toString("base64"),
  });
  const folds = JSON.parse(readFileSync(join(directory, "folds.json"), "utf8")) as Record<string, number>;
  const pieces = [...annotatedPieces(data)].filter(({ kind }) => kind === "performance");
  const heard = hearPieces(
    pieces,
    folds,
    Array.from({ length: FOLDS }, (_, fold) => table(`fold-${fold}`)),
  );
  const { scores, slope } = crossValidated(heard);
  const sets = setsOf(entries);
  const choice = learnChoice(heard);
  const played = { ...learnPlayed(followAll(heard, choice)), slope };
  const inSample = hearPieces(pieces, zeroFolds(pieces), [table("all")]);
  const own = scoresOf("in sample", followAll(inSample, choice), inSample.length, (one) => meterOf(one, played));
  const head = (about: string, ...names: string[]) => ({
    about,
    sets,
    seed: SEED,
    scores: [...scores, ...own].filter(({ what }) => names.some((name) => what.startsWith(name))),
  });
  return [
    {
      file: "lib/analysis/beats/learned-network.ts",
      head: head("The weights of the beat network (network.ts).", "beats", "downbeats"),
      body: `import type { NetworkTable } from "./network-weights.ts";\n\n${networkText(table("all"))}`,
    },
    {
      file: "lib/analysis/beats/learned-choice.ts",
      head: head("What chooses among beat tracks, and how sure it is (choice.ts).", "tempo", "beats"),
      body: `import type { ChoiceWeights } from "./choice.ts";\n\nexport const CHOICE: ChoiceWeights = ${rounded(choice)};`,
    },
    {
      file: "lib/analysis/meter/learned-played.ts",
      head: head(
        "What tells the meter of a performance, and how sure its bar lines are (played-meter.ts).",
        "meter",
        "downbeats",
      ),
      body: `import type { PlayedWeights } from "./played-meter.ts";\n\nexport const PLAYED: PlayedWeights = ${rounded(played)};`,
    },
  ];
}

/** Everything learned without one fold, scored on it; in turn. */
function crossValidated(heard: readonly HeardPiece[]): { scores: LearnedScore[]; slope: number } {
  const followed: Followed[] = [];
  const meters = new Map<Followed, string>();
  const judged: Parameters<typeof sharpness>[0][number][] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const rest = heard.filter((piece) => piece.fold !== fold);
    const choice = learnChoice(rest);
    const played = learnPlayed(followAll(rest, choice));
    for (const one of followAll(
      heard.filter((piece) => piece.fold === fold),
      choice,
    )) {
      followed.push(one);
      meters.set(one, meterOf(one, played));
      judged.push({
        scores: meterScores(one, played),
        target: played.meters.indexOf(one.piece.meter),
        weight: one.piece.weight,
      });
    }
  }
  const scores = scoresOf("compositions left out", followed, heard.length, (one) => meters.get(one)!);
  return { scores, slope: sharpness(judged) };
}

function followAll(heard: readonly HeardPiece[], choice: Parameters<typeof follow>[1]): Followed[] {
  return heard.flatMap((piece) => follow(piece, choice) ?? []);
}

function scoresOf(
  on: LearnedScore["on"],
  followed: readonly Followed[],
  pieces: number,
  meter: (one: Followed) => string,
): LearnedScore[] {
  const mean = (what: string, rate: (one: Followed) => number): LearnedScore => ({
    what,
    on,
    value: followed.reduce((sum, one) => sum + rate(one), 0) / pieces,
    pieces,
  });
  const tempo =
    (...factors: number[]) =>
    (one: Followed) =>
      factors.some((factor) => isNear(one.pulse.bpm, factor * one.piece.bpm)) ? 1 : 0;
  return [
    mean("beats, F within 70 ms", ({ piece, pulse }) => fMeasure(pulse.seconds, piece.truth.time)),
    mean("downbeats, F within 70 ms", ({ piece, pulse, bars }) =>
      fMeasure(downbeatsOf(pulse, bars), downbeatTimes(piece.truth)),
    ),
    mean("tempo within 4 %", tempo(1)),
    mean("tempo within 4 %, or its double, half, threefold or third", tempo(1, 2, 1 / 2, 3, 1 / 3)),
    mean("meter, numerator and denominator", (one) => (meter(one) === one.piece.meter ? 1 : 0)),
  ];
}

function zeroFolds(pieces: readonly Annotated[]): Record<string, number> {
  return Object.fromEntries(pieces.map(({ composition }) => [composition, 0]));
}

function setsOf(entries: readonly ExampleEntry[]): LearnedSet[] {
  const files = (...kinds: string[]) =>
    new Set(entries.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name)).size;
  return [
    {
      name: "ASAP, performances and their scores",
      source: "https://github.com/fosfrancesco/asap-dataset",
      licence: "CC BY-NC-SA 4.0: numbers only are kept here",
      files: files("performance", "score"),
    },
    {
      name: "DCML corpora, keyboard works and string quartets, played by a made-up player",
      source: "https://github.com/DCMLab",
      licence: "CC BY-NC-SA 4.0: numbers only are kept here",
      files: files("keyboard"),
    },
  ].filter((set) => set.files > 0);
}

function networkText({ weights, ...shape }: NetworkTable): string {
  const lines = weights.match(/.{1,112}/g)!.map((line) => `    "${line}",`);
  const [features, columns, steps] = [shape.features, shape.columns.join(", "), shape.steps.join(", ")];
  return `export const NETWORK: NetworkTable = {\n  features: ${features},\n  columns: [${columns}],\n  steps: [${steps}],\n  weights: [\n${lines.join("\n")}\n  ].join(""),\n};`;
}

function rounded(value: unknown): string {
  return JSON.stringify(value, (_, x) => (typeof x === "number" ? Number(x.toPrecision(5)) : x), 1);
}

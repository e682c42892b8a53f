import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createPiece } from "../../lib/analysis/piece/piece.ts";
import { createPieceScratch } from "../../lib/analysis/piece/scratch.ts";
import { MELODIC_TRAITS, roleTraits } from "../../lib/analysis/tracks/role-traits.ts";
import { standing } from "../../lib/analysis/tracks/standing.ts";
import { voiceColumns } from "../../lib/analysis/tracks/voice-columns.ts";
import { readMidi } from "../../lib/midi/read/reader.ts";
import type { LearnedScore, LearnedSet } from "./learned-file.ts";
import { lessonScript } from "./lesson.ts";
import { fitChoice, type Question } from "./regression.ts";

const SEED = 0;
const FOLDS = 5;
const RIDGE = 0.0025;
/** Voices of fewer notes are no melodies. */
const LEAST_NOTES = 8;

/** A piece whose melody is known: the traits of its voices, and which of them it is. */
interface Known {
  readonly set: string;
  readonly voices: readonly (readonly number[])[];
  readonly melody: number;
}

const POP = "pop909";
const SCORES = ["ABC", "corelli", "schubert_winterreise"];

export const script = lessonScript({
  name: "roles",
  description: "Which voice is the melody",
  async learn(data, log) {
    const known = [...popSongs(data), ...scores(data)];
    log(`${known.length} pieces whose melody is known`);
    const weights = fit(known).map((weight) => Number(weight.toPrecision(4)));
    return [
      {
        file: "lib/analysis/tracks/learned-roles.ts",
        head: {
          about: "What makes a voice the melody (roles.ts).",
          sets: setsOf(known),
          seed: SEED,
          scores: scoresOf(known),
        },
        body: bodyOf(weights),
      },
    ];
  },
});

/** The track named MELODY of each song. */
function popSongs(data: string): Known[] {
  const lines = readFileSync(join(data, "open/MANIFEST.tsv"), "utf8").split("\n");
  const files = lines.map((line) => line.split("\t")).filter(([, , set]) => set === POP);
  return files.flatMap(([file]) => knownOf(POP, join(data, "open", file!), (name) => name === "MELODY"));
}

/** The first staff of quartets (a violin), trio sonatas (a violin) and songs (the voice). */
function scores(data: string): Known[] {
  return SCORES.flatMap((set) => {
    const folder = join(data, "keyboard", set);
    const files = readdirSync(folder)
      .filter((file) => file.endsWith(".mid"))
      .sort();
    return files.flatMap((file) => knownOf(set, join(folder, file), (name) => name === "staff 1"));
  });
}

function knownOf(set: string, path: string, isMelody: (name: string) => boolean): Known[] {
  const score = readMidi(readFileSync(path));
  const piece = createPiece(score, createPieceScratch());
  const names = trackNames(score);
  const traits = roleTraits(piece, voiceColumns(piece), standing(piece));
  const voices = piece.voices.map((voice, v) => ({ voice, melodic: traits[v]!.melodic }));
  const heard = voices.filter(({ voice }) => !voice.drum && voice.notes >= LEAST_NOTES);
  const melody = heard.findIndex(({ voice }) => isMelody(names.get(voice.track) ?? ""));
  return melody < 0 || heard.length < 2 ? [] : [{ set, voices: heard.map(({ melodic }) => melodic), melody }];
}

const TRACK_NAME = 3;

function trackNames({ metas, bytes }: ReturnType<typeof readMidi>): Map<number, string> {
  const names = new Map<number, string>();
  for (let i = 0; i < metas.count; i++)
    if (metas.type[i] === TRACK_NAME)
      names.set(
        metas.track[i]!,
        Buffer.from(bytes.subarray(metas.offset[i]!, metas.offset[i]! + metas.length[i]!)).toString("latin1"),
      );
  return names;
}

/** Weights of the melodic traits. A set counts by the root of its size. */
function fit(known: readonly Known[]): number[] {
  const sizes = new Map<string, number>();
  for (const { set } of known) sizes.set(set, (sizes.get(set) ?? 0) + 1);
  const questions = known.map(
    ({ set, voices, melody }): Question => ({
      answers: voices,
      right: voices.map((_, v) => (v === melody ? 1 : 0)),
      weight: 1 / Math.sqrt(sizes.get(set)!),
    }),
  );
  return fitChoice(questions, RIDGE);
}

function isRight({ voices, melody }: Known, weights: readonly number[]): boolean {
  const scores = voices.map((traits) => traits.reduce((sum, trait, i) => sum + trait * weights[i]!, 0));
  return scores.indexOf(Math.max(...scores)) === melody;
}

function scoresOf(known: readonly Known[]): LearnedScore[] {
  const sets = [POP, ...SCORES];
  const all = fit(known);
  const folds = Array.from({ length: FOLDS }, (_, fold) => fit(known.filter((_, i) => i % FOLDS !== fold)));
  const withoutSet = new Map(sets.map((set) => [set, fit(known.filter((one) => one.set !== set))]));
  return sets.flatMap((set) => {
    const rate = (on: LearnedScore["on"], weights: (one: Known, i: number) => readonly number[]): LearnedScore => {
      const right = known.filter((one, i) => one.set === set && isRight(one, weights(one, i)));
      const pieces = known.filter((one) => one.set === set).length;
      return { what: `melody of ${set}`, on, value: right.length / pieces, pieces };
    };
    return [
      rate("in sample", () => all),
      rate("compositions left out", (_, i) => folds[i % FOLDS]!),
      rate("collections left out", () => withoutSet.get(set)!),
    ];
  });
}

function setsOf(known: readonly Known[]): LearnedSet[] {
  const files = (...sets: string[]) => known.filter(({ set }) => sets.includes(set)).length;
  return [
    {
      name: "POP909, by the name of the track",
      source: "https://github.com/music-x-lab/POP909-Dataset",
      licence: "MIT",
      files: files(POP),
    },
    {
      name: "DCML corpora (string quartets, trio sonatas, songs), the first staff",
      source: "https://github.com/DCMLab",
      licence: "CC BY-NC-SA 4.0: numbers only are kept here",
      files: files(...SCORES),
    },
  ];
}

function bodyOf(weights: readonly number[]): string {
  const lines = weights.map((weight, i) => `  ${weight}, // ${MELODIC_TRAITS[i]}`);
  return `/** By \`MELODIC_TRAITS\`. */\nexport const MELODY_WEIGHTS: readonly number[] = [\n${lines.join("\n")}\n];`;
}

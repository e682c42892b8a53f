import { BOUNDARY_TRAITS } from "../../lib/analysis/structure/boundary-traits.ts";
import type { SectionWeights } from "../../lib/analysis/structure/sections.ts";
import { lessonScript } from "./lesson.ts";
import { cutsOf, fitSections, place } from "./sections/fit.ts";
import { readSongs, type Song } from "./sections/songs.ts";

const SEED = 0;
const FOLDS = 4;
/** How often the songs are laid to their phrases anew by what was learned of the others. */
const ROUNDS = 3;

export const script = lessonScript({
  name: "sections",
  description: "Where sections of songs begin, and how long they are",
  async learn(data, log) {
    const songs = readSongs(data);
    log(`${songs.length} songs`);
    let shifts = songs.map(() => 0);
    let leftOut = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const placings = crossValidated(songs, shifts);
      shifts = placings.map(({ shift }) => shift);
      leftOut = mean(placings.map(({ f }) => f));
      log(`round ${round + 1}: F ${leftOut.toFixed(3)} on songs left out`);
    }
    const weights = fitSections(songs, shifts);
    const inSample = mean(songs.map((song) => place(cutsOf(song, weights), song).f));
    const what = "beginnings of sections to the bar, F against the person and the shift that fit best";
    return [
      {
        file: "lib/analysis/structure/learned-sections.ts",
        head: {
          about: "Where sections begin and how long they are (sections.ts).",
          sets: [
            {
              name: "POP909, phrases marked by two people",
              source:
                "https://github.com/music-x-lab/POP909-Dataset, https://github.com/Dsqvival/hierarchical-structure-analysis",
              licence: "notes MIT; labels without a licence: numbers only are kept here",
              files: songs.length,
            },
          ],
          seed: SEED,
          scores: [
            { what, on: "in sample", value: inSample, pieces: songs.length },
            { what, on: "compositions left out", value: leftOut, pieces: songs.length },
          ],
        },
        body: bodyOf(weights),
      },
    ];
  },
});

/** Each song by what was learned of the songs of other folds. */
function crossValidated(songs: readonly Song[], shifts: readonly number[]) {
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const others = songs.map((_, i) => i).filter((i) => i % FOLDS !== fold);
    return fitSections(
      others.map((i) => songs[i]!),
      others.map((i) => shifts[i]!),
    );
  });
  return songs.map((song, i) => place(cutsOf(song, folds[i % FOLDS]!), song));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function bodyOf({ boundary, length }: SectionWeights): string {
  const names = [...BOUNDARY_TRAITS, "alone"];
  const lines = boundary.map((weight, i) => `    ${weight}, // ${names[i]}`);
  const lengths = length.map((share, bars) => `    ${share}, // ${bars} bars`);
  return `import type { SectionWeights } from "./sections.ts";\n\nexport const SECTION_WEIGHTS: SectionWeights = {\n  boundary: [\n${lines.join("\n")}\n  ],\n  length: [\n${lengths.join("\n")}\n  ],\n};`;
}

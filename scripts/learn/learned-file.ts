/** What the head of a file of learned numbers says, so that anyone can judge them and make them again. */
export interface LearnedHead {
  /** What the numbers are and what uses them, in a sentence or two. */
  readonly about: string;
  readonly sets: readonly LearnedSet[];
  readonly seed: number;
  readonly scores: readonly LearnedScore[];
}

/** A set of music that was learned from. */
export interface LearnedSet {
  readonly name: string;
  readonly source: string;
  readonly licence: string;
  /** Files of it that were learned from. */
  readonly files: number;
}

/** A score of what was learned. */
export interface LearnedScore {
  readonly what: string;
  /** On the music learned from, or on compositions or whole collections left out of the learning. */
  readonly on: "in sample" | "compositions left out" | "collections left out";
  readonly value: number;
  /** Pieces scored. */
  readonly pieces: number;
}

const WIDTH = 116;

/** The whole file: a head of comments, then the numbers. The head is made from what was measured, never by hand. */
export function learnedFile(command: string, head: LearnedHead, body: string): string {
  const lines = [
    "Generated: do not edit.",
    ...wrap(head.about),
    "",
    `Made by: ${command}`,
    `Seed: ${head.seed}`,
    "Learned from:",
    ...head.sets.flatMap((set) => wrap(`- ${set.name}, ${set.files} files (${set.source}; ${set.licence})`)),
    "Scores:",
    ...head.scores.flatMap((score) =>
      wrap(`- ${score.what}, ${score.on}: ${score.value.toFixed(3)} (${score.pieces} pieces)`),
    ),
  ];
  return `${lines.map((line) => `// ${line}`.trimEnd()).join("\n")}\n\n${body.trim()}\n`;
}

/** Lines of at most `WIDTH` characters, broken at blanks. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = "";
    }
    line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

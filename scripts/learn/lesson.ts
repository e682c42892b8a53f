import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineScript } from "../../lib/cli/script.ts";
import { type LearnedHead, learnedFile } from "./learned-file.ts";

/** One thing that can be learned: generated files of numbers, made from a folder of music with known answers. */
export interface Lesson {
  readonly name: string;
  /** One line for the list of lessons. */
  readonly description: string;
  /** Learns from `data`. The same data on the same kind of machine give the same bytes. */
  learn(data: string, log: (line: string) => void): Promise<readonly Learned[]>;
}

/** A file that a lesson hands back: its path from the root of the repository, its head, the TypeScript that follows it. */
export interface Learned {
  readonly file: string;
  readonly head: LearnedHead;
  readonly body: string;
}

const ROOT = join(import.meta.dir, "../..");

/** The script of a lesson: it writes the file, or with `--check` says whether the file is the one it would write. */
export function lessonScript(lesson: Lesson) {
  return defineScript({
    name: `learn/${lesson.name}`,
    description: lesson.description,
    flags: {
      data: {
        type: "string",
        valueHint: "DIR",
        required: true,
        description: "Music with known answers (docs/learning.md)",
      },
      check: { type: "boolean", description: "Write nothing; exit 1 when the file in the repository differs" },
    },
    async run({ data, check }, { log }) {
      const files = await lesson.learn(data, (line) => log.info(line));
      const written = files.map((file) => publish(file, lesson.name, check === true, (line) => log.info(line)));
      return check && written.includes(false) ? 1 : 0;
    },
  });
}

/** Writes or checks one file; says whether it was the same. */
function publish({ file, head, body }: Learned, lesson: string, check: boolean, log: (line: string) => void): boolean {
  const text = formatted(file, learnedFile(`bun scripts/learn.ts ${lesson} --data DIR`, head, body));
  const path = join(ROOT, file);
  const same = existsSync(path) && readFileSync(path, "utf8") === text;
  if (!same && !check) writeFileSync(path, text);
  log(`${file}: ${same ? "the same, byte for byte" : check ? "differs" : `written, ${text.length} bytes`}`);
  return same;
}

/** As the house is formatted. */
function formatted(file: string, text: string): string {
  const biome = ["bunx", "biome", "format", `--stdin-file-path=${file}`];
  const { success, stdout, stderr } = Bun.spawnSync(biome, { cwd: ROOT, stdin: Buffer.from(text) });
  if (!success) throw new Error(`Cannot format ${file}: ${stderr.toString().trim()}`);
  return stdout.toString();
}

import { runScript } from "../lib/cli/run-script.ts";
import type { Script } from "../lib/cli/script.ts";

/** Everything the analysis learned from music with known answers, a sub-command each: a file in scripts/learn. */
const LESSONS = ["beats", "chords", "localkeys", "roles", "sections"] as const;

/** The list of sub-commands, as the documentation prints it. */
export async function learnUsage(): Promise<string> {
  const lines = await Promise.all(LESSONS.map(async (name) => `  ${name.padEnd(9)} ${(await load(name)).description}`));
  return ["USAGE bun scripts/learn.ts <what> --data DIR; <what> --help says which options", "", ...lines].join("\n");
}

async function load(name: (typeof LESSONS)[number]): Promise<Script> {
  return ((await import(`./learn/${name}.ts`)) as { script: Script }).script;
}

if (import.meta.main) {
  const [first = "", ...args] = process.argv.slice(2);
  const lesson = LESSONS.find((name) => name === first);
  if (lesson) await runScript(await load(lesson), args);
  else if (first === "--help" || first === "-h") process.stdout.write(`${await learnUsage()}\n`);
  else {
    process.stderr.write(
      `learn: ${first ? `nothing to learn is called "${first}"` : "which one?"}\n${await learnUsage()}\n`,
    );
    process.exitCode = 2;
  }
}

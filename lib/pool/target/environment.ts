import { readFileSync } from "node:fs";

/** Variables by name; one that is not set is undefined. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The files that Bun loads by itself from the folder a program is started in. */
const LOADED_FILES = [
  ".env",
  ".env.local",
  ".env.development",
  ".env.development.local",
  ".env.production",
  ".env.production.local",
  ".env.test",
  ".env.test.local",
];

/**
 * The environment as the person set it: without what Bun took from a `.env` file of the current folder, which speaks of
 * another program. A variable that this program set itself counts. On Linux the system tells what the process was
 * started with; elsewhere a name that stands in such a file does not count, even where it was set by hand as well.
 * `--env-file=FILE` on Bun's command line is the person's word, and counts.
 */
export function realEnvironment(): Environment {
  const started = environmentAtStart();
  const doubtful = namesInFiles();
  const real: Record<string, string | undefined> = { ...process.env };
  for (const name of doubtful) {
    if (started !== undefined && started.get(name) === real[name]) continue;
    real[name] = started?.get(name);
  }
  return real;
}

/** What the process was started with; undefined where the system does not tell. */
function environmentAtStart(): ReadonlyMap<string, string> | undefined {
  try {
    const entries = readFileSync("/proc/self/environ", "utf8").split("\0");
    return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]));
  } catch {
    return undefined;
  }
}

function namesInFiles(): ReadonlySet<string> {
  if (process.execArgv.some((word) => word.startsWith("--env-file"))) return new Set();
  const names = new Set<string>();
  for (const file of LOADED_FILES) {
    for (const [, name] of textOf(file).matchAll(/^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*[=:]/gm)) names.add(name!);
  }
  return names;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

import { UsageError } from "./script.ts";

/** Flags of every script that works on a library. */
export const libraryFlags = {
  database: {
    type: "string",
    valueHint: "URL",
    description: "PostgreSQL to use; else DATABASE_URL where no --data-dir is given, else an embedded one",
  },
  "data-dir": { type: "string", valueHint: "DIR", description: "Where the embedded PostgreSQL and the parts live" },
  json: { type: "boolean", description: "Report as one JSON object on stdout" },
  quiet: { type: "boolean", description: "No progress, and no report where there was nothing to do" },
  verbose: { type: "boolean", description: "Log what the pool and the phases do" },
} as const;

/** Flags of every script that works through many files. */
export const workFlags = {
  ...libraryFlags,
  create: { type: "boolean", description: "Make the library's tables also where others have theirs" },
  workers: {
    type: "number",
    valueHint: "N",
    least: 1,
    description: "Batches in hand at once, each with its own connection; the pool has N + 2. Two a core by default",
  },
  root: {
    type: "list",
    valueHint: "STORED=HERE",
    description: "A folder that the library knows as STORED is at HERE on this machine; may be repeated",
  },
  "max-file-mb": {
    type: "number",
    valueHint: "MB",
    default: 64,
    least: 0.001,
    description: "Larger files are not read",
  },
  memory: {
    type: "number",
    valueHint: "MB",
    least: 256,
    description: "Memory to keep within: large files are worked on one at a time. By default half of the machine's",
  },
  "fail-on": {
    type: "string",
    valueHint: "failed",
    options: ["failed"],
    description: "End with 3 when files failed in this run; else failures are in the report only",
  },
  "file-timeout": {
    type: "number",
    valueHint: "SECONDS",
    default: 60,
    least: 0.01,
    description: "A file that takes longer is given up",
  },
} as const;

/** Flags of the import. */
export const importFlags = {
  sniff: { type: "boolean", description: "Also take files of any name that begin as MIDI files do" },
} as const;

/** Flags of the split. */
export const splitFlags = {
  out: { type: "string", valueHint: "DIR", description: "Folder of the parts; by default in the data directory" },
  by: {
    type: "string",
    options: ["auto", "track", "channel"],
    default: "auto",
    description: "auto cuts by track, and by channel inside a track that sounds on several",
  },
  "drums-by-note": { type: "boolean", description: "Cut drum kits into their instruments" },
} as const;

/** Flags of the phases that work on what stands in the library. */
export const contentFlags = {
  force: { type: "boolean", description: "Do again what is done" },
  "retry-failed": { type: "boolean", description: "Try again what failed in earlier runs" },
} as const;

/** The mounts of `--root STORED=HERE`. */
export function parseMounts(roots: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    roots.map((pair) => {
      const at = pair.indexOf("=");
      if (at <= 0 || at === pair.length - 1) throw new UsageError(`--root is "${pair}", expected STORED=HERE`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

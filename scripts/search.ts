import { parseMelody } from "../lib/cli/criteria/melody-argument.ts";
import { parseProgression } from "../lib/cli/criteria/progression-argument.ts";
import { criteriaFlags, parseCriteria } from "../lib/cli/criteria/search-criteria.ts";
import { libraryFlags, parseMounts, workFlags } from "../lib/cli/flags.ts";
import { libraryOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../lib/cli/script.ts";
import { type SearchFormat, searchOutput } from "../lib/cli/text/search-output.ts";
import { withLibrary } from "../lib/library/open-library.ts";
import { pendingAnalyses } from "../lib/library/pending.ts";
import { type Order, search } from "../lib/library/search.ts";

/** Orders by the names of the flags that ask for the same. */
const SORTS: Readonly<Record<string, Order>> = { added: "added", bpm: "tempo", key: "key", duration: "duration" };

/** Rows of a table when no limit is given. */
const TABLE_ROWS = 20;

/** The music that the flags ask for, if any. */
function musicAsked(values: {
  readonly melody?: string | undefined;
  readonly oneWrong: boolean;
  readonly progression?: string | undefined;
}) {
  const { melody, oneWrong, progression } = values;
  if (oneWrong && melody === undefined) throw new UsageError("--one-wrong stands alone, expected --melody with it");
  if (melody === undefined && progression === undefined) return {};
  const wrong: 0 | 1 = oneWrong ? 1 : 0;
  return {
    music: {
      ...(melody !== undefined && { tune: { pitches: parseMelody(melody), wrong } }),
      ...(progression !== undefined && { progression: parseProgression(progression) }),
    },
  };
}

/** What may still be found when it is analysed. */
function pendingText(pending: number): string {
  return pending === 0 ? "" : ` ${pending} files are imported and not analysed yet: bun scripts/analyze.ts`;
}

/** Finds music in the library. */
export const script = defineScript({
  name: "search",
  description: "Find music in the library: all that is asked for must hold, what is not known never matches",
  operands: "[WORDS...]",
  flags: {
    ...criteriaFlags,
    like: {
      type: "string",
      valueHint: "FILE",
      description: "The same notes or tune as this file, here or in the library",
    },
    melody: {
      type: "string",
      valueHint: "NOTES",
      description: 'A tune of 7 notes or more, in any key: "E D C D E E E", or steps "-2 -2 2 2 0 0"',
    },
    "one-wrong": { type: "boolean", description: "With --melody: one note may be another" },
    progression: {
      type: "string",
      valueHint: "CHORDS",
      description:
        'Chords in a row: "vi IV I V" in any key, "Am F C G" in that one; sevenths and inversions count as their triads',
    },
    sort: { type: "string", options: Object.keys(SORTS), default: "added", description: "What comes first" },
    reverse: { type: "boolean", description: "The other way round" },
    limit: {
      type: "number",
      valueHint: "N",
      least: 1,
      description: `Rows at most; ${TABLE_ROWS} in a table, else all`,
    },
    json: { type: "boolean", description: "One JSON object a line" },
    csv: { type: "boolean", description: "Comma-separated values with a header" },
    paths0: { type: "boolean", description: "Only the files, each ended by NUL, for xargs -0" },
    database: libraryFlags.database,
    "data-dir": libraryFlags["data-dir"],
    root: workFlags.root,
  },
  async run(given, { files, stop }) {
    if (files.length > 0 && given.text !== undefined)
      throw new UsageError("--text and words given, expected one of them");
    const values = files.length > 0 ? { ...given, text: files.join(" ") } : given;
    const formats = (["json", "csv", "paths0"] as const).filter((name) => values[name]);
    if (formats.length > 1) throw new UsageError(`--${formats.join(" and --")} given, expected one of them`);
    const format: SearchFormat = formats[0] ?? "table";
    const limit = values.limit ?? (format === "table" ? TABLE_ROWS : null);
    const library = { command: "search", ...libraryOptions(values), mounts: parseMounts(values.root) };
    const asked = {
      criteria: parseCriteria(values),
      like: values.like,
      ...musicAsked(values),
      order: SORTS[values.sort]!,
      reverse: values.reverse,
      limit,
      stop,
    };
    const { found, pending } = await withLibrary(library, async (opened) => {
      const { found } = await search(opened, asked, searchOutput(format));
      return { found, pending: found === 0 ? await pendingAnalyses(opened) : 0 };
    });
    if (format === "table" && found === 0) process.stderr.write(`Nothing found.${pendingText(pending)}\n`);
    if (format === "table" && found === limit)
      process.stderr.write(`The first ${found}; there may be more, see --limit.\n`);
    return 0;
  },
});

if (import.meta.main) await runScript(script);

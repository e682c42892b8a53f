import { resolve } from "node:path";
import { criteriaFlags, parseCriteria } from "../lib/cli/criteria/search-criteria.ts";
import { libraryFlags, parseMounts, workFlags } from "../lib/cli/flags.ts";
import { libraryOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../lib/cli/script.ts";
import { EXPORT_FORMATS, exportFormat, exportOutput } from "../lib/cli/text/export-output.ts";
import { printable } from "../lib/cli/text/printable.ts";
import { EXPORT_NAMES, EXPORTS } from "../lib/columns/exports.ts";
import { dataSets } from "../lib/library/data-sets.ts";
import { exportTable, SET_COLUMN } from "../lib/library/export.ts";
import { withLibrary } from "../lib/library/open-library.ts";
import { search } from "../lib/library/search.ts";
import { namePattern, takeAlong } from "../lib/library/take-along.ts";

/** Exports tables of what a search finds, or takes its files along. */
export const script = defineScript({
  name: "export",
  description: "Export what a search finds: tables as JSON lines, CSV or Parquet, or the files themselves",
  operands: `[${EXPORT_NAMES.join(" | ")}]`,
  flags: {
    out: {
      type: "string",
      valueHint: "FILE",
      description: "The table goes there, whole or not at all; else to stdout",
    },
    format: { type: "string", options: EXPORT_FORMATS, description: "By default what FILE ends with, else jsonl" },
    "copy-to": { type: "string", valueHint: "DIR", description: "Instead of a table: copy the files there" },
    "link-to": { type: "string", valueHint: "DIR", description: "Instead of a table: link to the files there" },
    names: {
      type: "string",
      valueHint: "PATTERN",
      default: "{name}",
      description: "Names of copies: {key}/{bpm} {title}",
    },
    sets: {
      type: "string",
      valueHint: "SHARES",
      description: "Data sets by piece, no leaks: train=0.8,valid=0.1,test=0.1",
    },
    seed: { type: "number", valueHint: "N", default: 1, description: "Another seed, other sets" },
    ...criteriaFlags,
    limit: { type: "number", valueHint: "N", least: 1, description: "Pieces at most" },
    database: libraryFlags.database,
    "data-dir": libraryFlags["data-dir"],
    root: workFlags.root,
  },
  async run(values, { files: [table = "pieces", ...more], stop }) {
    const name = EXPORT_NAMES.find((each) => each === table);
    if (!name || more.length > 0) throw new UsageError(`expected one of ${EXPORT_NAMES.join(", ")}`);
    const criteria = parseCriteria(values);
    const asked = { criteria, order: "added", reverse: false, limit: values.limit ?? null, stop } as const;
    const options = { command: "export", ...libraryOptions(values), mounts: parseMounts(values.root) };
    const say = (line: string) => process.stderr.write(`${printable(line)}\n`);
    const setOf = values.sets === undefined ? null : dataSets(values.sets, values.seed);
    let unread = 0;
    const tell = (reason: string) => {
      unread++;
      say(reason);
    };
    const folder = values.copyTo ?? values.linkTo;
    if (folder !== undefined) {
      const pathOf = namePattern(values.names);
      let written = 0;
      const { found } = await withLibrary(options, (library) =>
        search(library, asked, async (page) => {
          for (const piece of page) {
            const taken = takeAlong(
              piece,
              resolve(folder),
              (setOf ? `${setOf(piece)}/` : "") + pathOf(piece),
              values.copyTo ? "copy" : "link",
            );
            if (taken === "written") written++;
            else if (taken !== "there") tell(taken.error);
          }
        }),
      );
      say(`${written} of ${found} files written to ${resolve(folder)}`);
      return unread > 0 ? 1 : 0;
    }
    const file = values.out === undefined ? undefined : resolve(values.out);
    const format = exportFormat(values.format, file);
    if (format === "parquet" && file === undefined) throw new UsageError("Parquet is no text, expected --out FILE");
    const columns = [...EXPORTS[name].columns, ...(setOf ? [SET_COLUMN] : [])];
    const output = exportOutput(columns, format, file);
    try {
      const hooks = { take: output.take, unread: (path: string, reason: string) => tell(`${path}: ${reason}`) };
      await withLibrary(options, (library) => exportTable(library, name, asked, hooks, setOf));
      output.finish();
    } catch (error) {
      output.abandon();
      throw error;
    }
    return unread > 0 ? 1 : 0;
  },
});

if (import.meta.main) await runScript(script);

import { libraryFlags } from "../lib/cli/flags.ts";
import { libraryOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../lib/cli/script.ts";
import { forgottenText, movedText, rootsText } from "../lib/cli/text/roots-text.ts";
import { type Library, withLibrary } from "../lib/library/open-library.ts";
import { forgetRoot, listRoots, moveRoot } from "../lib/library/root-admin.ts";

/** What can be done with roots: by its words, what it answers with as data and as text. */
type Answer = readonly [data: unknown, text: string];

async function act(library: Library, words: readonly string[], out: string | undefined): Promise<Answer> {
  const [action = "list", first, second, ...more] = words;
  if (action === "list" && first === undefined) {
    const roots = await listRoots(library);
    return [roots, rootsText(roots, process.stdout.columns || 1000)];
  }
  if (action === "move" && second !== undefined && more.length === 0) {
    const moved = await moveRoot(library, first!, second);
    return [{ moved }, movedText(moved, first!, second)];
  }
  if (action === "forget" && first !== undefined && second === undefined) {
    const forgotten = await forgetRoot(library, first, out);
    return [forgotten, forgottenText(forgotten)];
  }
  throw new UsageError("expected list, move STORED HERE, or forget DIR");
}

/** Says which folders were imported; tells the library that one moved, or is to be forgotten. */
export const script = defineScript({
  name: "roots",
  description: "The imported folders: list them, say that one moved, or forget one (its files are not touched)",
  operands: "list | move STORED HERE | forget DIR",
  flags: {
    out: { type: "string", valueHint: "DIR", description: "Folder of the parts; by default in the data directory" },
    json: { type: "boolean", description: "The answer as JSON" },
    database: libraryFlags.database,
    "data-dir": libraryFlags["data-dir"],
  },
  async run(values, { files }) {
    const options = { command: "roots", ...libraryOptions(values) };
    const [data, text] = await withLibrary(options, (library) => act(library, files, values.out));
    process.stdout.write(`${values.json ? JSON.stringify(data) : text}\n`);
    return 0;
  },
});

if (import.meta.main) await runScript(script);

import { resolve } from "node:path";
import { libraryFlags, parseMounts, workFlags } from "../lib/cli/flags.ts";
import { libraryOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../lib/cli/script.ts";
import { duplicatesOutput, printNear } from "../lib/cli/text/duplicates-output.ts";
import { duplicates, KEEP_RULES, type KeepRule, nearDuplicates } from "../lib/library/duplicates.ts";
import { moveSpares } from "../lib/library/move-spares.ts";
import { withLibrary } from "../lib/library/open-library.ts";

/** Says which files could go, because others at hand hold the same bytes; deletes nothing. */
export const script = defineScript({
  name: "duplicates",
  description:
    "Say which files hold the same bytes as another one, which to keep, and what could be won; nothing is deleted",
  flags: {
    keep: { type: "string", options: KEEP_RULES, default: "oldest", description: "Which copy is kept" },
    prefer: { type: "list", valueHint: "DIR", description: "Copies in this folder are kept first; may be repeated" },
    near: { type: "boolean", description: "Instead: music that is alike in different files" },
    "move-to": {
      type: "string",
      valueHint: "DIR",
      description: "Move the spare copies there, bytes compared before; undo.sh in it puts them back",
    },
    json: { type: "boolean", description: "One JSON object a line" },
    paths0: { type: "boolean", description: "Only the spare files, each ended by NUL, for xargs -0" },
    database: libraryFlags.database,
    "data-dir": libraryFlags["data-dir"],
    root: workFlags.root,
  },
  async run(values) {
    if (values.json && values.paths0) throw new UsageError("--json and --paths0 given, expected one of them");
    if (values.near && (values.paths0 || values.moveTo))
      throw new UsageError("--near says what is alike: nothing of it is spare");
    const library = { command: "duplicates", ...libraryOptions(values), mounts: parseMounts(values.root) };
    const options = { keep: values.keep as KeepRule, prefer: values.prefer.map((folder) => resolve(folder)) };
    const output = duplicatesOutput(values.json ? "json" : values.paths0 ? "paths0" : "text");
    const folder = values.moveTo === undefined ? null : resolve(values.moveTo);
    let moved = 0;
    await withLibrary(library, async (opened) => {
      if (values.near) return await nearDuplicates(opened, (page) => printNear(page, values.json));
      await duplicates(opened, options, async (page) => {
        await output.take(page);
        if (folder !== null) for (const each of page) moved += moveSpares(each, folder);
      });
      const { files, bytes } = output.total;
      process.stderr.write(`${files} files could go, ${(bytes / 1e6).toFixed(1)} MB\n`);
      if (folder !== null) process.stderr.write(`${moved} moved to ${folder}\n`);
    });
    return 0;
  },
});

if (import.meta.main) await runScript(script);

import { resolve } from "node:path";
import { libraryFlags, parseMounts, workFlags } from "../lib/cli/flags.ts";
import { libraryOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../lib/cli/script.ts";
import { mendText } from "../lib/cli/text/mend-text.ts";
import { mend, namedFiles, repairedFiles, type ToMend } from "../lib/library/mend.ts";
import { withLibrary } from "../lib/library/open-library.ts";

/** Writes whole, well-formed copies of damaged MIDI files, and says what was changed. */
export const script = defineScript({
  name: "mend",
  description: "Write whole, well-formed copies of damaged MIDI files, and say what was changed",
  operands: "FILE...",
  flags: {
    out: {
      type: "string",
      valueHint: "DIR",
      required: true,
      description: "Folder of the copies; nothing there is overwritten",
    },
    library: { type: "boolean", description: "Instead of FILE...: all files of the library that had to be repaired" },
    json: { type: "boolean", description: "One JSON object a file" },
    database: libraryFlags.database,
    "data-dir": libraryFlags["data-dir"],
    root: workFlags.root,
  },
  async run(values, { files, stop }) {
    if (files.length > 0 === values.library) throw new UsageError("expected FILE..., or --library");
    const out = resolve(values.out);
    let failed = false;
    const mendAll = async (list: Iterable<ToMend> | AsyncIterable<ToMend>) => {
      for await (const file of list) {
        if (stop.aborted) return;
        const result = mend(file, out);
        failed ||= "error" in result;
        process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : mendText(result));
      }
    };
    if (!values.library) await mendAll(namedFiles(files));
    else {
      const library = { command: "mend", ...libraryOptions(values), mounts: parseMounts(values.root) };
      await withLibrary(library, (opened) => mendAll(repairedFiles(opened)));
    }
    return failed ? 1 : 0;
  },
});

if (import.meta.main) await runScript(script);

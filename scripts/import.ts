import { importFlags, workFlags } from "../lib/cli/flags.ts";
import { importOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript } from "../lib/cli/script.ts";
import { work } from "../lib/cli/work.ts";

/** Brings the library up to date with a folder of MIDI files. */
export const script = defineScript({
  name: "import",
  description: "Import a folder of MIDI files: every distinct file once, every place it was found",
  flags: {
    source: { type: "string", valueHint: "DIR", required: true, description: "The folder to import" },
    ...importFlags,
    ...workFlags,
  },
  operands: "[DIR]",
  operandFlag: "source",
  run: (values, context) => work("import", values, context, { import: importOptions(values) }),
});

if (import.meta.main) await runScript(script);

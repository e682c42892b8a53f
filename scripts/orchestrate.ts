import { contentFlags, importFlags, splitFlags, workFlags } from "../lib/cli/flags.ts";
import { analysisOptions, importOptions, splitOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../lib/cli/script.ts";
import { work } from "../lib/cli/work.ts";

/** The whole job: import, analysis and split side by side over one pool. */
export const script = defineScript({
  name: "orchestrate",
  description: "Import a folder of MIDI files, analyse every file and split multi-track files, all at once",
  flags: {
    source: { type: "string", valueHint: "DIR", description: "The folder to import" },
    "skip-import": { type: "boolean", description: "Do not look for new files" },
    "skip-analysis": { type: "boolean", description: "Do not analyse" },
    "skip-split": { type: "boolean", description: "Do not split" },
    ...importFlags,
    ...splitFlags,
    ...contentFlags,
    ...workFlags,
  },
  operands: "[DIR]",
  operandFlag: "source",
  run(values, context) {
    const { source } = values;
    if (!source && !values.skipImport) throw new UsageError("--source is missing, expected the folder to import");
    return work("orchestrate", values, context, {
      ...(source && !values.skipImport && { import: importOptions({ ...values, source }) }),
      ...(!values.skipAnalysis && { analysis: analysisOptions(values) }),
      ...(!values.skipSplit && { split: splitOptions(values) }),
    });
  },
});

if (import.meta.main) await runScript(script);

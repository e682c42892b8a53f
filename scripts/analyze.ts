import { contentFlags, workFlags } from "../lib/cli/flags.ts";
import { analysisOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript } from "../lib/cli/script.ts";
import { work } from "../lib/cli/work.ts";

/** Analyses what was imported and not analysed yet, or by an older analyser. */
export const script = defineScript({
  name: "analyze",
  description: "Analyse every imported file that is not analysed yet",
  flags: { ...contentFlags, ...workFlags },
  run: (values, context) => work("analyze", values, context, { analysis: analysisOptions(values) }),
});

if (import.meta.main) await runScript(script);

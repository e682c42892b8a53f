import { contentFlags, splitFlags, workFlags } from "../lib/cli/flags.ts";
import { splitOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript } from "../lib/cli/script.ts";
import { work } from "../lib/cli/work.ts";

/** Cuts what was imported and not cut yet. */
export const script = defineScript({
  name: "split",
  description: "Cut every imported file with several voices into playable parts",
  flags: { ...splitFlags, ...contentFlags, ...workFlags },
  run: (values, context) => work("split", values, context, { split: splitOptions(values) }),
});

if (import.meta.main) await runScript(script);

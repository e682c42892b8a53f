import { libraryFlags } from "../lib/cli/flags.ts";
import { libraryOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript } from "../lib/cli/script.ts";
import { statusText } from "../lib/cli/text/status-text.ts";
import { withLibrary } from "../lib/library/open-library.ts";
import { watchStatus } from "../lib/library/status.ts";

/** Says how a library stands, also while others work on it. */
export const script = defineScript({
  name: "status",
  description: "Say what the library holds, what is pending, who is at work, what failed and why",
  flags: {
    watch: {
      type: "number",
      valueHint: "SECONDS",
      least: 0.1,
      description: "FileAnalysis again and again, with rates",
    },
    json: { type: "boolean", description: "One JSON object a look, one a line" },
    database: libraryFlags.database,
    "data-dir": libraryFlags["data-dir"],
  },
  async run(values, { stop }) {
    const live = process.stdout.isTTY && values.watch !== undefined;
    await withLibrary({ command: "status", ...libraryOptions(values) }, (library) =>
      watchStatus(library, { everySeconds: values.watch ?? null, stop }, (status) => {
        const text = values.json ? JSON.stringify(status) : statusText(status, process.stdout.columns || 1000);
        process.stdout.write(`${live && !values.json ? "\x1b[2J\x1b[H" : ""}${text}\n`);
      }),
    );
    return 0;
  },
});

if (import.meta.main) await runScript(script);

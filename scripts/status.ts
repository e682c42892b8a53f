import { libraryFlags } from "../lib/cli/flags.ts";
import { libraryOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../lib/cli/script.ts";
import { printRows } from "../lib/cli/text/answer-output.ts";
import { metricsText } from "../lib/cli/text/metrics.ts";
import { statusText } from "../lib/cli/text/status-text.ts";
import { listFailures } from "../lib/library/failures.ts";
import { withLibrary } from "../lib/library/open-library.ts";
import { type Status, watchStatus } from "../lib/library/status.ts";

/** Says how a library stands, also while others work on it. */
export const script = defineScript({
  name: "status",
  description: "Say what the library holds, what is pending, who is at work, what failed and why",
  flags: {
    watch: {
      type: "number",
      valueHint: "SECONDS",
      least: 0.1,
      description: "Look again and again, with rates",
    },
    failed: { type: "boolean", description: "Instead: every failure with its phase, reason and path" },
    metrics: { type: "boolean", description: "Counts in the text format of Prometheus" },
    json: { type: "boolean", description: "One JSON object a look (with --failed: a failure), one a line" },
    csv: { type: "boolean", description: "With --failed: comma-separated values" },
    database: libraryFlags.database,
    "data-dir": libraryFlags["data-dir"],
  },
  async run(values, { stop }) {
    const { failed, metrics, json, csv } = values;
    if (csv && !failed) throw new UsageError("--csv stands alone, expected --failed with it");
    if (metrics && (failed || json)) throw new UsageError("--metrics given with another format, expected one of them");
    const live = process.stdout.isTTY && values.watch !== undefined;
    const textOf = (status: Status) => {
      if (metrics) return metricsText(status);
      return json ? `${JSON.stringify(status)}\n` : `${statusText(status, process.stdout.columns || 1000)}\n`;
    };
    await withLibrary({ command: "status", ...libraryOptions(values) }, async (library) => {
      const format = json ? "json" : csv ? "csv" : "table";
      if (failed) return await listFailures(library, (answer) => printRows(answer, format));
      await watchStatus(library, { everySeconds: values.watch ?? null, stop }, (status) => {
        process.stdout.write(`${live && !json ? "\x1b[2J\x1b[H" : ""}${textOf(status)}`);
      });
    });
    return 0;
  },
});

if (import.meta.main) await runScript(script);

import { runScript } from "../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../lib/cli/script.ts";
import { colorsFor } from "../lib/cli/text/colors.ts";
import { showPage } from "../lib/cli/text/show-page.ts";
import { writeOut } from "../lib/cli/text/write-out.ts";
import { isUnread, show } from "../lib/library/show.ts";

/** Says what the analysis finds in single files, without a database. */
export const script = defineScript({
  name: "show",
  description: "Show what the analysis says about MIDI files",
  operands: "FILE...",
  flags: { json: { type: "boolean", description: "One JSON object a file, one a line, in the order given" } },
  async run({ json }, { files, stop }) {
    if (files.length === 0) throw new UsageError("no file given, expected FILE...");
    const colors = colorsFor(process.stdout);
    let code = 0;
    for await (const line of show(files, stop)) {
      if (isUnread(line)) code = 1;
      await writeOut(json ? `${line}\n` : showPage(JSON.parse(line), colors));
    }
    return code;
  },
});

if (import.meta.main) await runScript(script);

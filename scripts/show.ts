import { once } from "node:events";
import { defineScript, runScript, UsageError } from "../lib/cli/script.ts";
import { showPage } from "../lib/cli/show-page.ts";
import { show } from "../lib/library/show.ts";

/** Says what the analysis finds in single files, without a database. */
export const script = defineScript({
  name: "show",
  description: "Show what the analysis says about MIDI files",
  operands: "FILE...",
  flags: { json: { type: "boolean", description: "One JSON object a file, one a line, in the order given" } },
  async run({ json }, { files, stop }) {
    if (files.length === 0) throw new UsageError("no file given, expected FILE...");
    for await (const line of show(files, stop)) await write(json ? `${line}\n` : showPage(JSON.parse(line)));
    return 0;
  },
});

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

if (import.meta.main) await runScript(script);

import { parseArgs } from "node:util";
import { show } from "../lib/phases/show.ts";

const { positionals } = parseArgs({ options: { json: { type: "boolean" } }, allowPositionals: true });
process.stdout.on("error", () => process.exit(0));
for (const said of show(positionals)) process.stdout.write(`${JSON.stringify(said)}\n`);

import { readdirSync } from "node:fs";
import { fieldsTable } from "../../lib/analysis/fields.ts";
import { type Script, usage } from "../../lib/cli/script.ts";
import { benchUsage } from "../../scripts/bench.ts";

export const README = new URL("../../README.md", import.meta.url).pathname;

/** The README with its generated blocks as they should be: `<!-- usage:import -->` ... `<!-- /usage:import -->`. */
export async function generated(text: string): Promise<string> {
  let result = text;
  for (const [name, block] of await blocks()) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [before, after] = [result.indexOf(open), result.indexOf(close)];
    if (before < 0 || after < before) throw new Error(`Cannot find the block ${name} in the README`);
    result = `${result.slice(0, before + open.length)}\n\n${block}\n\n${result.slice(after)}`;
  }
  return result;
}

async function blocks(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const scripts = new URL("../../scripts/", import.meta.url);
  for (const file of readdirSync(scripts)) {
    if (!file.endsWith(".ts") || file === "bench.ts") continue;
    const { script } = (await import(new URL(file, scripts).href)) as { script: Script };
    found.set(`usage:${script.name}`, `\`\`\`\n${(await usage(script)).trim()}\n\`\`\``);
  }
  found.set("usage:bench", `\`\`\`\n${await benchUsage()}\n\`\`\``);
  return found.set("fields", fieldsTable().trim());
}

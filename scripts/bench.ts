import { runScript } from "../lib/cli/run-script.ts";
import type { Script } from "../lib/cli/script.ts";

/** Every figure the README prints, one sub-command each; a sub-command is a file in scripts/bench. */
const BENCHES = ["read", "analyze", "split", "pipeline", "scale", "pool", "peer", "truth"] as const;

/** The list of sub-commands, as the README prints it. */
export async function benchUsage(): Promise<string> {
  const lines = await Promise.all(BENCHES.map(async (name) => `  ${name.padEnd(9)} ${(await load(name)).description}`));
  return ["USAGE bun scripts/bench.ts <what> [OPTIONS]; <what> --help says which options", "", ...lines].join("\n");
}

async function load(name: (typeof BENCHES)[number]): Promise<Script> {
  return ((await import(`./bench/${name}.ts`)) as { script: Script }).script;
}

if (import.meta.main) {
  const [first = "", ...args] = process.argv.slice(2);
  const bench = BENCHES.find((name) => name === first);
  if (bench) await runScript(await load(bench), args);
  else if (first === "--help" || first === "-h") process.stdout.write(`${await benchUsage()}\n`);
  else {
    process.stderr.write(`bench: ${first ? `no bench is called "${first}"` : "which one?"}\n${await benchUsage()}\n`);
    process.exitCode = 2;
  }
}

import { readdirSync } from "node:fs";

/*
 * Every figure the README prints, one sub-command each: `bun scripts/bench.ts pool --faults`. A sub-command is a file
 * in scripts/bench that can be run by itself; this only finds it.
 */
const benches = ["pool", "read", "analyze", "split", "pipeline", "scale"];

const [name, ...args] = process.argv.slice(2);
if (!name || !benches.includes(name)) {
  const known = readdirSync(new URL("./bench", import.meta.url)).map((file) => file.replace(/\.ts$/, ""));
  const list = benches.filter((bench) => known.includes(bench)).join("|");
  process.stderr.write(`usage: bun scripts/bench.ts ${list} [--source DIR] [--json]\n`);
  process.exit(2);
}
const file = new URL(`./bench/${name}.ts`, import.meta.url).pathname;
const child = Bun.spawn([process.execPath, file, ...args], { stdio: ["inherit", "inherit", "inherit"] });
process.exit(await child.exited);

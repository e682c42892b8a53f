import { version } from "../../package.json";
import { completion, SHELLS, type Shell } from "./completion.ts";
import { runScript } from "./run-script.ts";
import type { Script } from "./script.ts";
import { nearest } from "./suggestion.ts";

/** Scripts by the names of their commands, each loaded when it is asked for. */
export type Commands = Readonly<Record<string, () => Promise<{ readonly script: Script }>>>;

/** Runs one of `commands` by its name, as in `midiworks import ~/midi`; also `--version`, `--help` and `completion SHELL`. */
export async function runCommand(name: string, commands: Commands, args: readonly string[]): Promise<void> {
  const [first, ...rest] = args;
  const command = first === undefined ? undefined : commands[first];
  if (command) return runScript((await command()).script, rest, name);
  if (first === "--version") process.stdout.write(`${name} ${version}\n`);
  else if (first === "completion") await printCompletion(name, commands, rest[0]);
  else if (first === undefined || first === "--help" || first === "-h")
    process.stdout.write(await listed(name, commands));
  else {
    const near = nearest(first, Object.keys(commands));
    process.stderr.write(`${name}: unknown command "${first}"${near ? `, did you mean ${near}?` : ""}\n`);
    process.stderr.write(`See: ${name} --help\n`);
    process.exitCode = 2;
  }
}

async function listed(name: string, commands: Commands): Promise<string> {
  const scripts = await loaded(commands);
  const width = Math.max(...Object.keys(commands).map((each) => each.length));
  const lines = scripts.map(({ name: each, description }) => `  ${each.padEnd(width)}  ${description.split(":")[0]}`);
  return [
    `USAGE ${name} COMMAND [OPTIONS]; ${name} COMMAND --help says which`,
    "",
    ...lines,
    `  ${"completion".padEnd(width)}  Print what a shell needs to complete commands: ${SHELLS.join(", ")}`,
    "",
  ].join("\n");
}

async function printCompletion(name: string, commands: Commands, shell: string | undefined): Promise<void> {
  const found = SHELLS.find((each) => each === shell);
  if (found) process.stdout.write(completion(found satisfies Shell, name, await loaded(commands)));
  else {
    process.stderr.write(`${name}: completion is for "${shell ?? ""}", expected one of ${SHELLS.join(", ")}\n`);
    process.exitCode = 2;
  }
}

const loaded = (commands: Commands): Promise<Script[]> =>
  Promise.all(Object.values(commands).map(async (load) => (await load()).script));

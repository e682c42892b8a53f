import { createConsola } from "consola/basic";
import { version } from "../../package.json";
import { givenArguments } from "./arguments.ts";
import { parseFlags } from "./parse-flags.ts";
import { commandOf, type Flags, type Script, UsageError } from "./script.ts";
import { printable, printableLines } from "./text/printable.ts";
import { usage } from "./usage.ts";

const log = createConsola({ stdout: process.stderr, stderr: process.stderr, formatOptions: { date: false } });

/**
 * Runs a script as the program. Exit codes: 0 done (failures of single files are in the report), 1 it could not go
 * on, 2 wrong use, 130 and 143 stopped by Ctrl-C and SIGTERM. A second signal leaves at once. `invoked` is the command
 * it was called through, if any: `midiworks`.
 */
export async function runScript<F extends Flags>(
  script: Script<F>,
  args: readonly string[] = givenArguments(),
  invoked?: string,
): Promise<void> {
  // A closed pipe (`| head`) is no fault: nobody reads on, so there is nothing left to say.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const asked = args.slice(0, args.includes("--") ? args.indexOf("--") : undefined);
  if (asked.includes("--help") || asked.includes("-h")) {
    process.stdout.write(await usage(script, process.stdout.columns, invoked));
    return;
  }
  if (asked.includes("--version")) {
    process.stdout.write(`midiworks ${version}\n`);
    return;
  }
  const stopping = watchSignals();
  try {
    const { values, files } = parseFlags(script, args);
    const code = await script.run(values, { files, stop: stopping.signal, log });
    process.exitCode = stopping.code ?? code ?? 0;
  } catch (error) {
    process.exitCode = tell(commandOf(script.name, invoked), error as Error, stopping);
  }
  // Nothing that is still open keeps a finished script waiting; what was written is out first.
  process.stdout.write("", () => process.exit());
}

/** Says why it could not go on: in one line where the error is meant for people, with its stack where it is a fault of ours. */
function tell(command: string, error: Error, stopping: { readonly code: number | null }): number {
  const name = command.replace(/^bun scripts\/|\.ts$/g, "");
  const line = printable(error.message.replaceAll(/\s*\n\s*/g, " "));
  if (error instanceof UsageError) {
    process.stderr.write(`${name}: ${line}\nSee: ${command} --help\n`);
    return 2;
  }
  if (isForPeople(error)) {
    process.stderr.write(`${name}: ${line}\n`);
    return stopping.code ?? 1;
  }
  process.stderr.write(`${name}: ${printableLines(error.stack ?? line)}\n`);
  return 1;
}

/** Whether the surroundings are at fault, not the program: such errors say all in one line. */
function isForPeople(error: Error): boolean {
  return (error as { readonly forPeople?: unknown }).forPeople === true;
}

function watchSignals(): { readonly signal: AbortSignal; readonly code: number | null } {
  const stop = new AbortController();
  const stopping = { signal: stop.signal, code: null as number | null };
  for (const [name, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.on(name, () => {
      if (stopping.code !== null) process.exit(code);
      stopping.code = code;
      log.info("Stopping: finishing what is in hand. Once more to leave at once.");
      stop.abort();
    });
  }
  return stopping;
}

import { type ArgsDef, type CommandDef, parseArgs, renderUsage } from "citty";
import { createConsola } from "consola/basic";

/** A flag of a script. Numbers are whole or decimal; a list may be given several times. */
export interface Flag {
  readonly type: "boolean" | "string" | "number" | "list";
  readonly description: string;
  readonly default?: boolean | string | number;
  /** What stands for the value in the usage: `DIR`, `URL`. */
  readonly valueHint?: string;
  readonly required?: boolean;
  /** The only values a string flag takes. */
  readonly options?: readonly string[];
  /** The least value of a number. */
  readonly least?: number;
}

export type Flags = Readonly<Record<string, Flag>>;

/** The values of a script's flags under their names in camelCase. */
export type Values<F extends Flags> = {
  readonly [K in keyof F as CamelCase<K & string>]: Value<F[K]>;
};
type CamelCase<S extends string> = S extends `${infer A}-${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : S;
type Value<T extends Flag> = T["type"] extends "boolean"
  ? boolean
  : T["type"] extends "list"
    ? readonly string[]
    : Given<T> extends true
      ? Basic<T>
      : Basic<T> | undefined;
type Basic<T extends Flag> = T["type"] extends "number" ? number : string;
type Given<T extends Flag> = T extends { default: string | number } | { required: true } ? true : false;

/** What a script's run gets besides its flags. */
export interface ScriptContext {
  /** Arguments that are no flags. */
  readonly files: readonly string[];
  /** Aborted by the first Ctrl-C or SIGTERM: finish what is in hand. */
  readonly stop: AbortSignal;
  /** Log lines, on stderr. */
  readonly log: ReturnType<typeof createConsola>;
}

export interface Script<F extends Flags = Flags> {
  readonly name: string;
  readonly description: string;
  readonly flags: F;
  /** What the arguments without a flag are, such as `FILE...`; none are taken when it is absent. */
  readonly operands?: string;
  /** Does the work and answers with the exit code, 0 by default. */
  run(values: Values<F>, context: ScriptContext): Promise<number | undefined>;
}

export function defineScript<const F extends Flags>(script: Script<F>): Script<F> {
  return script;
}

/** Wrong use of the command line: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Errors that say all in one line: the surroundings are at fault, not the program. */
const PLAIN_ERRORS = new Set(["DatabaseError", "SourceMissing", "PoolError", "CannotWrite", "PostgresError"]);

const log = createConsola({ stdout: process.stderr, stderr: process.stderr, formatOptions: { date: false } });

/**
 * Runs a script as the program. Exit codes: 0 done (failures of single files are in the report), 1 it could not go
 * on, 2 wrong use, 130 and 143 stopped by Ctrl-C and SIGTERM. A second signal leaves at once.
 */
export async function runScript<F extends Flags>(script: Script<F>, args = process.argv.slice(2)): Promise<void> {
  // A closed pipe (`| head`) is no fault: nobody reads on, so there is nothing left to say.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(await usage(script));
    return;
  }
  const stopping = watchSignals();
  try {
    const { values, files } = parseFlags(script, args);
    const code = await script.run(values, { files, stop: stopping.signal, log });
    process.exitCode = stopping.code ?? code ?? 0;
  } catch (error) {
    process.exitCode = tell(script, error as Error, stopping);
  }
  // Nothing that is still open keeps a finished script waiting; what was written is out first.
  process.stdout.write("", () => process.exit());
}

function tell(script: Script, error: Error, stopping: { readonly code: number | null }): number {
  const line = error.message.replaceAll(/\s*\n\s*/g, " ");
  if (error instanceof UsageError) {
    process.stderr.write(`${script.name}: ${line}\nSee: bun scripts/${script.name}.ts --help\n`);
    return 2;
  }
  const kind = (error as { kind?: string }).kind ?? error.name;
  if (PLAIN_ERRORS.has(kind)) {
    process.stderr.write(`${script.name}: ${line}\n`);
    return stopping.code ?? 1;
  }
  process.stderr.write(`${script.name}: ${error.stack ?? line}\n`);
  return 1;
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

const USAGE_COLUMNS = 80;

/** The usage text, without colours, as the README prints it: no line is longer than a terminal is wide. */
export async function usage(script: Script): Promise<string> {
  const { name, description, operands } = script;
  const command: CommandDef = { meta: { name: `bun scripts/${name}.ts`, description }, args: cittyArgs(script) };
  const text = Bun.stripANSI(await renderUsage(command))
    .split("\n")
    .map(wrapped)
    .join("\n")
    .trim();
  return `${operands ? text.replace("[OPTIONS]", `[OPTIONS] ${operands}`) : text}\n`;
}

/** A line in lines; what describes a flag stays in its column. */
function wrapped(line: string): string {
  const [start] = /^( +--\S+ +)?/.exec(line)!;
  const text = Bun.wrapAnsi(line.slice(start.length).trimEnd(), USAGE_COLUMNS - start.length);
  return start + text.replaceAll("\n", `\n${" ".repeat(start.length)}`);
}

function cittyArgs(script: Script): ArgsDef {
  return Object.fromEntries(
    Object.entries(script.flags).map(([name, flag]) => {
      const { description, valueHint, required } = flag;
      const type = flag.options ? "enum" : flag.type === "boolean" ? "boolean" : "string";
      const preset =
        flag.default === undefined ? {} : { default: type === "boolean" ? flag.default : `${flag.default}` };
      const more = { ...(valueHint && { valueHint }), ...(required && { required }), ...preset };
      return [name, { type, description, ...(flag.options && { options: [...flag.options] }), ...more }];
    }),
  ) as ArgsDef;
}

/** Values from the command line. citty takes misspelt flags and any text for a number; this refuses both. */
function parseFlags<F extends Flags>(
  script: Script<F>,
  args: readonly string[],
): { values: Values<F>; files: string[] } {
  const { files, lists } = refuseUnknown(script, args);
  let parsed: Record<string, unknown>;
  try {
    parsed = parseArgs([...args], cittyArgs(script));
  } catch (error) {
    throw new UsageError(Bun.stripANSI((error as Error).message));
  }
  const values = Object.entries(script.flags).map(([name, flag]) => {
    if (flag.type === "list") return [camelCase(name), lists.get(name) ?? []];
    if (flag.type === "boolean") return [camelCase(name), parsed[name] === true];
    return [camelCase(name), flag.type === "number" ? number(name, flag, parsed[name]) : parsed[name]];
  });
  if (files.length > 0 && !script.operands) throw new UsageError(`unexpected argument "${files[0]}"`);
  return { values: Object.fromEntries(values) as Values<F>, files };
}

function number(name: string, flag: Flag, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const found = value === "" ? Number.NaN : Number(value);
  const least = flag.least ?? 0;
  if (Number.isFinite(found) && found >= least) return found;
  throw new UsageError(`--${name} is "${value}", expected a number of at least ${least}`);
}

function refuseUnknown(script: Script, args: readonly string[]): { files: string[]; lists: Map<string, string[]> } {
  const files: string[] = [];
  const lists = new Map<string, string[]>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") {
      files.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      files.push(arg);
      continue;
    }
    const [name, given] = /^--([^=]+)(?:=(.*))?$/s.exec(arg)?.slice(1) ?? [arg];
    const flag = script.flags[name!];
    if (!flag) throw new UsageError(`unknown flag ${arg.split("=")[0]}${suggestion(script, name!)}`);
    if (flag.type === "boolean") continue;
    const value = given ?? args[++i];
    if (value === undefined || (given === undefined && value.startsWith("--"))) {
      throw new UsageError(`--${name} needs a value`);
    }
    if (flag.type === "list") lists.set(name!, [...(lists.get(name!) ?? []), value]);
  }
  return { files, lists };
}

function suggestion(script: Script, name: string): string {
  const near = Object.keys(script.flags).find((flag) => flag.startsWith(name.slice(0, 3)) || flag.includes(name));
  return near ? `, did you mean --${near}?` : "";
}

const camelCase = (name: string) => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

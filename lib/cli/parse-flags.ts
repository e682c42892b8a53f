import { parseArgs } from "citty";
import { type Flag, type Flags, type Script, UsageError, type Values } from "./script.ts";
import { nearest } from "./suggestion.ts";
import { cittyArgs } from "./usage.ts";

/**
 * Values from the command line. citty takes misspelt flags, a flag twice and any text for a number; this refuses them.
 * After `--` everything is a file.
 */
export function parseFlags<F extends Flags>(
  script: Script<F>,
  args: readonly string[],
): { values: Values<F>; files: string[] } {
  const { files, lists, flagged } = refuseUnknown(script, args);
  const { operands, operandFlag } = script;
  if (operandFlag !== undefined && files.length > 0 && !flagged.some((each) => each.startsWith(`--${operandFlag}=`))) {
    flagged.push(`--${operandFlag}=${files.shift()}`);
  }
  if (files.length > 0 && (!operands || operandFlag !== undefined))
    throw new UsageError(`unexpected argument "${files[0]}"`);
  let parsed: Record<string, unknown>;
  try {
    parsed = parseArgs(flagged, cittyArgs(script));
  } catch (error) {
    throw new UsageError(Bun.stripANSI((error as Error).message));
  }
  const values = Object.entries(script.flags).map(([name, flag]) => {
    if (flag.type === "list") return [camelCase(name), lists.get(name) ?? []];
    if (flag.type === "boolean") return [camelCase(name), parsed[name] === true];
    return [camelCase(name), flag.type === "number" ? number(name, flag, parsed[name]) : parsed[name]];
  });
  return { values: Object.fromEntries(values) as Values<F>, files };
}

function number(name: string, flag: Flag, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const found = value === "" ? Number.NaN : Number(value);
  const least = flag.least ?? 0;
  if (Number.isFinite(found) && found >= least) return found;
  throw new UsageError(`--${name} is "${value}", expected a number of at least ${least}`);
}

interface Sorted {
  readonly files: string[];
  /** Values of the flags that may be given several times. */
  readonly lists: Map<string, string[]>;
  /** The flags with their values, as citty takes them. */
  readonly flagged: string[];
}

function refuseUnknown(script: Script, args: readonly string[]): Sorted {
  const sorted: Sorted = { files: [], lists: new Map(), flagged: [] };
  const seen = new Set<string>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") {
      sorted.files.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      sorted.files.push(arg);
      continue;
    }
    const [name, given] = /^--([^=]+)(?:=(.*))?$/s.exec(arg)?.slice(1) ?? [arg];
    const flag = script.flags[name!];
    if (!flag) throw new UsageError(`unknown flag ${arg.split("=")[0]}${suggestion(script, name!)}`);
    if (flag.type === "boolean") {
      sorted.flagged.push(arg);
      continue;
    }
    const value = given ?? args[++i];
    if (value === undefined || (given === undefined && value.startsWith("--"))) {
      throw new UsageError(`--${name} needs a value`);
    }
    if (flag.type === "list") sorted.lists.set(name!, [...(sorted.lists.get(name!) ?? []), value]);
    else if (seen.has(name!)) throw new UsageError(`--${name} is given twice, expected it once`);
    else sorted.flagged.push(`--${name}=${value}`);
    seen.add(name!);
  }
  return sorted;
}

function suggestion(script: Script, name: string): string {
  const near = nearest(name.replace(/^-+/, ""), [...Object.keys(script.flags), "help", "version"]);
  return near === null ? "" : `, did you mean --${near}?`;
}

const camelCase = (name: string) => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

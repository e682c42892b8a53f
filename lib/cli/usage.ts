import { type ArgsDef, type CommandDef, renderUsage } from "citty";
import { commandOf, type Script } from "./script.ts";

/** Columns of the usage in the documentation, and at most on a terminal: longer lines are hard to read. */
const USAGE_COLUMNS = 80;
/** The usage is not made narrower: the names of the flags must fit. */
const LEAST_COLUMNS = 50;

/** The usage text, without colours. No line is longer than `columns`, 80 unless the terminal is narrower. */
export async function usage(script: Script, columns = USAGE_COLUMNS, invoked?: string): Promise<string> {
  const width = Math.max(LEAST_COLUMNS, Math.min(USAGE_COLUMNS, columns));
  const { name, description, operands } = script;
  const command: CommandDef = { meta: { name: commandOf(name, invoked), description }, args: cittyArgs(script) };
  const text = Bun.stripANSI(await renderUsage(command))
    .split("\n")
    .map((line) => wrapped(line, width))
    .join("\n")
    .trim();
  return `${operands ? text.replace("[OPTIONS]", `[OPTIONS] ${operands}`) : text}\n`;
}

/** A line in lines; what describes a flag stays in its column, where there is room for one. */
function wrapped(line: string, width: number): string {
  const [start] = /^( +--\S+ +)?/.exec(line)!;
  if (start.length <= width / 2) return indented(start, line.slice(start.length), start.length, width);
  return `${start.trim()}\n${indented("    ", line.slice(start.length), 4, width)}`;
}

function indented(start: string, text: string, column: number, width: number): string {
  return start + Bun.wrapAnsi(text.trimEnd(), width - column).replaceAll("\n", `\n${" ".repeat(column)}`);
}

/** The flags as citty takes them. */
export function cittyArgs(script: Script): ArgsDef {
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

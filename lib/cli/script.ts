import type { ConsolaInstance } from "consola/basic";

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
  readonly log: ConsolaInstance;
}

export interface Script<F extends Flags = Flags> {
  readonly name: string;
  readonly description: string;
  readonly flags: F;
  /** What the arguments without a flag are, such as `FILE...`; none are taken when it is absent. */
  readonly operands?: string;
  /** The flag that one argument without a flag stands for, where it can mean only that: `import ~/midi`. */
  readonly operandFlag?: string;
  /** Does the work and answers with the exit code, 0 by default. */
  run(values: Values<F>, context: ScriptContext): Promise<number | undefined>;
}

export function defineScript<const F extends Flags>(script: Script<F>): Script<F> {
  return script;
}

/** How one types a script: `bun scripts/import.ts`, or `midiworks import` where the command is installed. */
export function commandOf(name: string, invoked?: string): string {
  return invoked === undefined ? `bun scripts/${name}.ts` : `${invoked} ${name}`;
}

/** Wrong use of the command line: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

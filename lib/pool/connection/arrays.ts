// How values stand in arrays, for every type the server has.
import { DRIVER_TYPES } from "./driver.ts";

type Serialize = (value: never) => unknown;
type Parse = (text: string) => unknown;

/** The driver's tables by type identifier. */
export interface TypeTables {
  readonly serializers: Record<number, Serialize>;
  readonly parsers: Record<number, Parse | undefined>;
}

/** Built-in element types (pg_type.dat) whose text never needs quotes in an array: bool, int8, int2, int4, oid, float4, float8, numeric. */
const NEVER_QUOTED: ReadonlySet<number> = new Set([16, 20, 21, 23, 26, 700, 701, 1700]);
/** json and jsonb: an element is one document, whatever it is. */
const DOCUMENTS: ReadonlySet<number> = new Set([114, 3802]);

/** What a pool knows of its server's types: the driver's tables, and on top of them every array type the server lists. */
export class TypeTable implements TypeTables {
  readonly serializers = { ...DRIVER_TYPES.serializers };
  readonly parsers = { ...DRIVER_TYPES.parsers };
  /** Whether the server was asked. */
  learned = false;
  /** What to ask it; the rows are for {@link learn}. */
  readonly question = "select oid, typarray, typdelim from pg_catalog.pg_type where typarray <> 0";
  readonly #arrays = new Map<number, number>();

  /** Takes in rows of element type, array type and the sign between elements. */
  learn(rows: readonly (readonly unknown[])[]): void {
    for (const row of rows) this.#add(...(row as [number, number, string]));
    this.learned = true;
  }

  /** The array type of an element type; a type that is none is given back as it is. */
  arrayTypeOf(oid: number): number {
    return this.#arrays.get(oid) ?? oid;
  }

  #add(element: number, array: number, delimiter: string): void {
    const { serializers, parsers } = this;
    const text = (value: unknown): string => String(serializers[element]?.(value as never) ?? value);
    const one =
      SPECIAL_ELEMENTS.get(element) ?? (NEVER_QUOTED.has(element) ? text : (value: unknown) => quote(text(value)));
    const nests = !DOCUMENTS.has(element);
    this.#arrays.set(element, array);
    serializers[array] = ((values: unknown) => arrayLiteral(values, one, nests, delimiter)) as Serialize;
    parsers[array] = (literal: string) => parseArray(literal, parsers[element], delimiter);
  }
}

/** One element as it stands in an array literal, quotes and all. */
type ElementText = (value: unknown) => string;

/** Elements whose escaping is known beforehand, which is several times faster than looking for what needs it. */
const SPECIAL_ELEMENTS: ReadonlyMap<number, ElementText> = new Map([
  [17, (value: unknown) => `"\\\\x${hex(value as Uint8Array)}"`],
  // JSON text has no control characters, so escaping it as a JSON string escapes just quotes and backslashes.
  [114, (value: unknown) => JSON.stringify(JSON.stringify(value))],
  [3802, (value: unknown) => JSON.stringify(JSON.stringify(value))],
]);

/**
 * An array in PostgreSQL's text form. Takes arrays and typed arrays; `null` is NULL; nested arrays are dimensions,
 * except in json and jsonb, where an element is one document whatever it is. A string is passed as it is (already a literal).
 * This is the hot path of bulk statements, hence the plain loop.
 */
function arrayLiteral(values: unknown, one: ElementText, nests: boolean, delimiter: string): string {
  if (typeof values === "string") return values;
  if (ArrayBuffer.isView(values)) return `{${(values as Int32Array).join(",")}}`;
  const list = values as readonly unknown[];
  let text = "{";
  for (let i = 0; i < list.length; i++) {
    if (i > 0) text += delimiter;
    const value = list[i];
    if (value === null) text += "NULL";
    else if (value === undefined) throw undefinedValue(i);
    else if (nests && Array.isArray(value)) text += arrayLiteral(value, one, nests, delimiter);
    else text += one(value);
  }
  return `${text}}`;
}

const NEEDS_ESCAPE = /["\\]/;
const EVERY_ESCAPE = /["\\]/g;

function quote(element: string): string {
  return NEEDS_ESCAPE.test(element) ? `"${element.replace(EVERY_ESCAPE, "\\$&")}"` : `"${element}"`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

function undefinedValue(index: number): Error {
  const error = new Error(`Cannot send an array: found undefined at index ${index}, expected a value or null`);
  return Object.assign(error, { code: "UNDEFINED_VALUE" });
}

/** Reads PostgreSQL's text form of an array: nested arrays for dimensions, `null` for NULL. */
function parseArray(text: string, one: Parse | undefined, delimiter: string): unknown[] {
  const start = text.indexOf("{");
  const top: unknown[] = [];
  const open: unknown[][] = [];
  let current = top;
  for (let at = start + 1; at < text.length; ) {
    const char = text[at];
    if (char === "{") {
      const inner: unknown[] = [];
      current.push(inner);
      open.push(current);
      current = inner;
      at++;
    } else if (char === "}") {
      current = open.pop() ?? top;
      at++;
    } else if (char === delimiter) at++;
    else if (char === '"') {
      const end = closingQuote(text, at);
      const raw = text.slice(at + 1, end);
      const value = raw.includes("\\") ? raw.replace(/\\([\s\S])/g, "$1") : raw;
      current.push(one === undefined ? value : one(value));
      at = end + 1;
    } else {
      let end = at;
      while (text[end] !== delimiter && text[end] !== "}" && end < text.length) end++;
      const value = text.slice(at, end);
      current.push(value === "NULL" ? null : one === undefined ? value : one(value));
      at = end;
    }
  }
  return top;
}

function closingQuote(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end;
}

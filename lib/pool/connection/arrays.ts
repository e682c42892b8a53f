// Arrays of the built-in types. Their object identifiers are fixed (src/include/catalog/pg_type.dat), so no connection has to ask.

/** Element type, its array type, and whether an element's text can need quoting. */
type ArrayType = readonly [element: number, array: number, quoted: boolean];

const TYPES: Readonly<Record<string, ArrayType>> = {
  bool: [16, 1000, false],
  bytea: [17, 1001, true],
  char: [18, 1002, true],
  name: [19, 1003, true],
  int8: [20, 1016, false],
  int2: [21, 1005, false],
  int4: [23, 1007, false],
  text: [25, 1009, true],
  oid: [26, 1028, false],
  json: [114, 199, true],
  xml: [142, 143, true],
  cidr: [650, 651, false],
  float4: [700, 1021, false],
  float8: [701, 1022, false],
  inet: [869, 1041, false],
  bpchar: [1042, 1014, true],
  varchar: [1043, 1015, true],
  date: [1082, 1182, true],
  time: [1083, 1183, true],
  timestamp: [1114, 1115, true],
  timestamptz: [1184, 1185, true],
  interval: [1186, 1187, true],
  timetz: [1266, 1270, true],
  numeric: [1700, 1231, false],
  uuid: [2950, 2951, false],
  jsonb: [3802, 3807, true],
};

type Serialize = (value: never) => unknown;
type Parse = (text: string) => unknown;

/** The driver's tables by type identifier. */
export interface TypeTables {
  readonly serializers: Record<number, Serialize>;
  readonly parsers: Record<number, Parse | undefined>;
}

const ARRAY_OF: ReadonlyMap<number, number> = new Map(Object.values(TYPES).map(([element, array]) => [element, array]));

/** The array type of an element type; a type that is none is given back as it is. */
export function arrayTypeOf(oid: number): number {
  return ARRAY_OF.get(oid) ?? oid;
}

/** Adds the array types to the driver's tables, on top of what it does for their elements. */
export function addArrayTypes({ serializers, parsers }: TypeTables): void {
  for (const [element, array, quoted] of Object.values(TYPES)) {
    const text = (serializers[element] ?? String) as ElementText;
    const one = SPECIAL_ELEMENTS.get(element) ?? (quoted ? (value: unknown) => quote(text(value)) : text);
    const nests = element !== 114 && element !== 3802;
    serializers[array] = ((values: unknown) => arrayLiteral(values, one, nests)) as Serialize;
    parsers[array] = (text: string) => parseArray(text, parsers[element]);
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
function arrayLiteral(values: unknown, one: ElementText, nests: boolean): string {
  if (typeof values === "string") return values;
  if (ArrayBuffer.isView(values)) return `{${(values as Int32Array).join(",")}}`;
  const list = values as readonly unknown[];
  let text = "{";
  for (let i = 0; i < list.length; i++) {
    if (i > 0) text += ",";
    const value = list[i];
    if (value === null) text += "NULL";
    else if (value === undefined) throw undefinedValue(i);
    else if (nests && Array.isArray(value)) text += arrayLiteral(value, one, nests);
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
function parseArray(text: string, one: Parse | undefined): unknown[] {
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
    } else if (char === ",") at++;
    else if (char === '"') {
      const end = closingQuote(text, at);
      const raw = text.slice(at + 1, end);
      const value = raw.includes("\\") ? raw.replace(/\\([\s\S])/g, "$1") : raw;
      current.push(one === undefined ? value : one(value));
      at = end + 1;
    } else {
      let end = at;
      while (text[end] !== "," && text[end] !== "}" && end < text.length) end++;
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

import { FIELD_LINES } from "./field-lines.ts";

/** One field of `Features` as documentation: the list in the README is made from these, and a test holds them against real results. */
export interface Field {
  /** Path in the JSON: `key.tonic`, `chords[].label` for the members of a list. */
  readonly path: string;
  readonly type: FieldType;
  /** Whether it can be null: no answer. */
  readonly nullable: boolean;
  /** Unit of a number, such as "s", "ticks" or "0 to 1"; empty for a plain count or where there is none. */
  readonly unit: string;
  readonly meaning: string;
}

/** "map" is an object whose names are values themselves. */
export type FieldType = "integer" | "number" | "text" | "boolean" | "object" | "list" | "map";

/** Every field in the order of the JSON, parents before members. */
export const FIELDS: readonly Field[] = FIELD_LINES.trim().split("\n").map(parse);

function parse(line: string): Field {
  const [path, type, unit, ...meaning] = line.split("|").map((cell) => cell.trim());
  const nullable = type!.endsWith("?");
  return {
    path: path!,
    type: (nullable ? type!.slice(0, -1) : type!) as FieldType,
    nullable,
    unit: unit!,
    meaning: meaning.join("|"),
  };
}

/** The fields as a table in Markdown, one row a field. */
export function fieldsTable(): string {
  const rows = FIELDS.map(
    ({ path, type, nullable, unit, meaning }) =>
      `| \`${path}\` | ${type}${nullable ? " or null" : ""} | ${unit} | ${meaning} |`,
  );
  return ["| field | type | unit | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

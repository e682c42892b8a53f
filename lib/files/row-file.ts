import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type BasicType, fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { CannotWrite } from "./cannot-write.ts";
import { temporaryName } from "./temporary.ts";

/** A column of a file of rows. */
export interface RowColumn {
  readonly name: string;
  readonly type: "text" | "integer" | "number" | "boolean" | "json";
}

/** A file that grows by rows and appears under its name when it is whole. */
export interface RowFile {
  add(rows: readonly (readonly unknown[])[]): void;
  /** Gives the file its name; what stood there is replaced. */
  finish(): void;
  /** Leaves nothing behind. */
  abandon(): void;
}

/** Rows of a Parquet row group: what is held in memory. */
const GROUP_ROWS = 50_000;

const PARQUET_TYPES: Readonly<Record<RowColumn["type"], BasicType>> = {
  text: "STRING",
  integer: "INT32",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  json: "JSON",
};

/** A file of lines, made by `lineOf` of each row; `head` stands first. Throws `CannotWrite`. */
export function lineFile(path: string, head: string, lineOf: (row: readonly unknown[]) => string): RowFile {
  const temporary = `${dirname(path)}/${temporaryName()}`;
  const file = guarded(path, () => openSync(temporary, "wx"));
  const write = (text: string) => guarded(path, () => void writeSync(file, text));
  if (head) write(head);
  return {
    add: (rows) => write(rows.map(lineOf).join("")),
    finish: () =>
      guarded(path, () => {
        fsyncSync(file);
        closeSync(file);
        renameSync(temporary, path);
      }),
    abandon: () => {
      closeSync(file);
      unlinkSync(temporary);
    },
  };
}

/** An Apache Parquet file. Lists and trees are JSON. Throws `CannotWrite`. */
export function parquetFile(path: string, columns: readonly RowColumn[]): RowFile {
  const temporary = `${dirname(path)}/${temporaryName()}`;
  const empty = columns.map(({ name, type }) => ({ name, data: [], type: PARQUET_TYPES[type] }));
  const writer = guarded(path, () => {
    const schema = schemaFromColumnData({ columnData: empty });
    return new ParquetWriter({ writer: fileWriter(temporary), schema, createdBy: "midiworks" });
  });
  let pending: (readonly unknown[])[] = [];
  const flush = () => {
    if (pending.length === 0) return;
    const columnData = columns.map(({ name, type }, at) => ({
      name,
      type: PARQUET_TYPES[type],
      data: pending.map((row) => row[at] ?? null) as unknown[],
    }));
    guarded(path, () => void writer.write({ columnData, rowGroupSize: GROUP_ROWS }));
    pending = [];
  };
  return {
    add(rows) {
      for (const row of rows) pending.push(row);
      if (pending.length >= GROUP_ROWS) flush();
    },
    finish() {
      flush();
      guarded(path, () => {
        writer.finish();
        renameSync(temporary, path);
      });
    },
    abandon: () => unlinkSync(temporary),
  };
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new CannotWrite(path, error);
  }
}

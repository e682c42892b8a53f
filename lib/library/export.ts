import { EXPORTS, type ExportColumn, type ExportName } from "../columns/exports.ts";
import type { LibraryRow } from "../columns/library.ts";
import { exportRows, type Rows } from "../database/questions/export.ts";
import { readNotes } from "../jobs/read-notes.ts";
import type { SetOf } from "./data-sets.ts";
import type { Library } from "./open-library.ts";
import { type FoundPiece, type SearchOptions, search } from "./search.ts";

/** What is told of while an export runs. */
export interface ExportHooks {
  /** Takes rows of the table, in the order of its columns; waited for. */
  take(rows: Rows): Promise<void>;
  /** A file whose notes could not be read. */
  unread(path: string, reason: string): void;
}

/**
 * Hands on the rows of one table for all that a search finds, page by page: memory does not grow with the library, and
 * the same library gives the same rows. With `setOf` each row has `SET_COLUMN` at its end. Answers with how many pieces
 * there were.
 */
export async function exportTable(
  library: Library,
  table: ExportName,
  options: SearchOptions,
  { take: hand, unread }: ExportHooks,
  setOf: SetOf | null = null,
): Promise<{ readonly found: number }> {
  return await search(library, options, async (page) => {
    const take = setOf === null ? hand : (rows: Rows) => hand(withSets(rows, page, table, setOf));
    if (table === "pieces") await take(page.map(pieceRow));
    else if (table === "notes") for (const piece of page) await take(noteRows(piece, unread));
    else {
      const hashes = page.map(({ sha256 }) => sha256);
      // On a connection of its own: the search holds one for its cursor.
      await take(await library.pool.run((sql) => exportRows(sql, table, hashes)));
    }
  });
}

/** The rows with the set of their piece as one more column. */
function withSets(rows: Rows, page: readonly FoundPiece[], table: ExportName, setOf: SetOf): Rows {
  const sets = new Map(page.map((piece) => [piece.sha256, setOf(piece)]));
  const at = EXPORTS[table].columns.findIndex(({ name }) => name === "sha256");
  return rows.map((row) => [...row, sets.get(row[at] as string)]);
}

/** The column that data sets add. */
export const SET_COLUMN: ExportColumn = { name: "set", type: "text", about: "the data set of the piece's group" };

function pieceRow(piece: FoundPiece): readonly unknown[] {
  return EXPORTS.pieces.columns.map(({ name }) => piece[name as keyof LibraryRow]);
}

function noteRows({ file, sha256 }: FoundPiece, unread: ExportHooks["unread"]): Rows {
  const notes = readNotes(file);
  if ("error" in notes) {
    unread(file, notes.error);
    return [];
  }
  return notes.map((note) => [sha256, ...note]);
}

import { printable } from "./printable.ts";

/** A column of a table for people. */
export interface Column {
  readonly title: string;
  readonly right?: boolean;
  /** Narrower than this it is not made; a column without it keeps its width. */
  readonly least?: number;
  /** Wider than this it is not made. */
  readonly most?: number;
  /** What is too long loses its start, as paths should. */
  readonly keepEnd?: boolean;
}

/**
 * Rows as lines of text in columns. Where they are wider than `width`, the columns with a `least` give way, the
 * widest first; what does not fit is cut with "…". `width` is in columns of the terminal, and so are `least` and
 * `most`: a Chinese character takes two. Cells are made printable.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map(({ most = Number.POSITIVE_INFINITY }, i) =>
    Math.min(most, Math.max(...cells.map((row) => Bun.stringWidth(row[i]!)))),
  );
  for (let over = sum(widths) + 2 * (columns.length - 1) - width; over > 0; over--) {
    const widest = columns.reduce((found, { least = Number.POSITIVE_INFINITY }, i) => {
      return widths[i]! > least && (found < 0 || widths[i]! > widths[found]!) ? i : found;
    }, -1);
    if (widest < 0) break;
    widths[widest]!--;
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => fit(cell, widths[i]!, columns[i]!))
      .join("  ")
      .trimEnd();
  return cells.map(line).join("\n");
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function fit(text: string, width: number, { right, keepEnd }: Column): string {
  const kept =
    Bun.stringWidth(text) <= width ? text : keepEnd ? `…${tail(text, width - 1)}` : `${head(text, width - 1)}…`;
  const pad = " ".repeat(Math.max(0, width - Bun.stringWidth(kept)));
  return right ? pad + kept : kept + pad;
}

function head(text: string, width: number): string {
  let kept = "";
  for (const character of text) {
    if (Bun.stringWidth(kept + character) > width) break;
    kept += character;
  }
  return kept;
}

function tail(text: string, width: number): string {
  let kept = "";
  for (const character of [...text].reverse()) {
    if (Bun.stringWidth(character + kept) > width) break;
    kept = character + kept;
  }
  return kept;
}

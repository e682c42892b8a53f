import { printable } from "./printable.ts";

/**
 * Cells as a line of CSV: RFC 4180, with line feeds between lines. Text of others is made printable, line feeds in it
 * included. A cell that a spreadsheet would run as a formula (it begins with = + - @, and is no number) gets an
 * apostrophe in front, as OWASP's "CSV injection" page says; whoever needs the text exactly takes JSON.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\n`;
}

function csvCell(text: string): string {
  const shown = printable(text);
  const safe = /^[=+\-@]/.test(shown) && !NUMBER.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

import type { MendResult } from "../../library/mend.ts";
import { printable } from "./printable.ts";

/** What became of a file, in lines. */
export function mendText(result: MendResult): string {
  const path = printable(result.path);
  if ("error" in result) return `${path}\n  cannot be mended: ${printable(result.error)}\n`;
  if ("whole" in result) return `${path}\n  is well-formed\n`;
  const repairs = result.repairs.map(
    ({ code, count, about }) => `  ${code}${count > 1 ? ` (${count} times)` : ""}: ${about}\n`,
  );
  return `${path}\n${repairs.join("")}  ${result.written ? "written to" : "stands in"} ${printable(result.copy)}\n`;
}

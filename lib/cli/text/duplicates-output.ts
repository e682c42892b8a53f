import { pathOf } from "../../files/path-text.ts";
import type { Duplicate, NearCopies } from "../../library/duplicates.ts";
import { printable } from "./printable.ts";
import { writeOut } from "./write-out.ts";

export type DuplicateFormat = "text" | "json" | "paths0";

/** Prints duplicates on stdout, page by page, and counts them. */
export function duplicatesOutput(format: DuplicateFormat) {
  const total = { files: 0, bytes: 0 };
  return {
    total,
    async take(page: readonly Duplicate[]): Promise<void> {
      for (const { spare, size } of page) {
        total.files += spare.length;
        total.bytes += spare.length * size;
      }
      await writeOut(FORMATS[format](page));
    },
  };
}

const FORMATS: Readonly<Record<DuplicateFormat, (page: readonly Duplicate[]) => string | Uint8Array>> = {
  text: (page) => page.map(groupText).join(""),
  json: (page) => page.map((each) => `${JSON.stringify(each)}\n`).join(""),
  paths0: (page) =>
    Buffer.concat(page.flatMap(({ spare }) => spare.flatMap((path) => [Buffer.from(pathOf(path)), Buffer.of(0)]))),
};

function groupText({ keep, why, spare, size }: Duplicate): string {
  const lines = spare.map((path) => `  spare  ${printable(path)}\n`);
  return `  keep   ${printable(keep)} (${why}; ${size} bytes)\n${lines.join("")}\n`;
}

/** Music that is alike, as text or lines of JSON. */
export async function printNear(page: readonly NearCopies[], json: boolean): Promise<void> {
  const text = ({ same, paths }: NearCopies) =>
    `the same ${same}\n${paths.map((path) => `  ${printable(path)}\n`).join("")}\n`;
  await writeOut(page.map((each) => (json ? `${JSON.stringify(each)}\n` : text(each))).join(""));
}

import { readdirSync } from "node:fs";
import { fieldsTable } from "../../lib/analysis/fields.ts";
import type { Script } from "../../lib/cli/script.ts";
import { usage } from "../../lib/cli/usage.ts";
import { ANALYSIS_COLUMNS } from "../../lib/columns/analyses.ts";
import { CONTENT_COLUMNS } from "../../lib/columns/contents.ts";
import { EXPORTS } from "../../lib/columns/exports.ts";
import { FILE_COLUMNS } from "../../lib/columns/files.ts";
import { PART_COLUMNS } from "../../lib/columns/parts.ts";
import { TRACK_COLUMNS } from "../../lib/columns/tracks.ts";
import { createPool } from "../../lib/pool.ts";
import { benchUsage } from "../../scripts/bench.ts";
import { learnUsage } from "../../scripts/learn.ts";
import { testDatabase } from "./database.ts";
import { runScript } from "./script.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** The pages with generated blocks, as paths from the root of the project. */
export const PAGES: readonly string[] = [
  "README.md",
  ...[...new Bun.Glob("docs/*.md").scanSync(ROOT), "docs/learning.md"].sort(),
];

/**
 * Every page with its generated blocks as they should be: `<!-- usage:import -->` ... `<!-- /usage:import -->`. Throws
 * when a block stands on no page.
 */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  for (const page of PAGES) pages.set(page, await Bun.file(ROOT + page).text());
  for (const [name, block] of await blocks()) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const holding = PAGES.filter((page) => pages.get(page)!.includes(open));
    if (holding.length === 0) throw new Error(`Cannot find the block ${name} in ${PAGES.join(", ")}`);
    for (const page of holding) {
      const text = pages.get(page)!;
      const [before, after] = [text.indexOf(open), text.indexOf(close)];
      if (after < before) throw new Error(`Cannot find the end of the block ${name} in ${page}`);
      pages.set(page, `${text.slice(0, before + open.length)}\n\n${block}\n\n${text.slice(after)}`);
    }
  }
  return pages;
}

export const pageText = (page: string): Promise<string> => Bun.file(ROOT + page).text();
export const writePage = (page: string, text: string): Promise<number> => Bun.write(ROOT + page, text);

async function blocks(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const scripts = new URL("../../scripts/", import.meta.url);
  for (const file of readdirSync(scripts)) {
    if (!file.endsWith(".ts") || ["bench.ts", "learn.ts", "midiworks.ts"].includes(file)) continue;
    const { script } = (await import(new URL(file, scripts).href)) as { script: Script };
    found.set(`usage:${script.name}`, `\`\`\`\n${(await usage(script)).trim()}\n\`\`\``);
  }
  found.set("usage:bench", `\`\`\`\n${await benchUsage()}\n\`\`\``);
  found.set("usage:learn", `\`\`\`\n${await learnUsage()}\n\`\`\``);
  found.set("show", await showPage("test/songs/waltz in D.mid"));
  found.set("views", await viewsTable());
  found.set("columns", columnsTables());
  found.set("exports", exportsTable());
  return found.set("fields", fieldsTable().trim());
}

/** What show.ts prints of a file, below the command. */
async function showPage(file: string): Promise<string> {
  const { out } = await runScript("show", [file]);
  return `\`\`\`\n$ bun scripts/show.ts "${file}"\n${out.trimEnd()}\n\`\`\``;
}

/** What can be exported. */
function exportsTable(): string {
  const rows = Object.entries(EXPORTS).map(([name, { about, columns }]) => {
    return `| \`${name}\` | ${about} | ${columns.map((column) => `\`${column.name}\``).join(", ")} |`;
  });
  return ["| table | what | columns |", "|---|---|---|", ...rows].join("\n");
}

/** The declared columns, a table for each table. */
function columnsTables(): string {
  const tables = { analyses: ANALYSIS_COLUMNS, tracks: TRACK_COLUMNS, parts: PART_COLUMNS, files: FILE_COLUMNS };
  const parts = Object.entries({ contents: CONTENT_COLUMNS, ...tables }).map(([table, columns]) => {
    const rows = columns.map(({ name, type, about }) => `| \`${name}\` | ${type} | ${about} |`);
    return [`**${table}**`, "", "| column | type | meaning |", "|---|---|---|", ...rows].join("\n");
  });
  return parts.join("\n\n");
}

const ROWS: Readonly<Record<string, string>> = {
  library: "a piece of music that is analysed and still somewhere",
  places: "a place where a content was found",
  duplicates: "a content found at several places",
  near_duplicates: "pieces with the same notes, or the same tune",
  failures: "what went wrong, and where",
  part_files: "a part, and where it is",
};

/** The views of a library with their columns, as the database has them. */
async function viewsTable(): Promise<string> {
  const database = await testDatabase();
  const pool = await createPool({ url: database.url, workers: 1 });
  const views = await pool.run(
    (sql) => sql<{ name: string; columns: string }[]>`
      select table_name as name, string_agg('\`' || column_name || '\`', ', ' order by ordinal_position) as columns
      from information_schema.columns
      where table_schema = 'public' and table_name in (select viewname from pg_views where schemaname = 'public')
      group by 1 order by array_position(${Object.keys(ROWS)}::text[], table_name::text)`,
  );
  await pool.close();
  await database.close();
  const lines = views.map(({ name, columns }) => {
    if (!ROWS[name]) throw new Error(`Cannot describe the view ${name}: expected what its rows are`);
    return `| \`${name}\` | ${ROWS[name]} | ${columns} |`;
  });
  return ["| view | a row is | columns |", "|---|---|---|", ...lines].join("\n");
}

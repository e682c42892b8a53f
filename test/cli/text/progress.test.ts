import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { song } from "../../support/tunes.ts";

setDefaultTimeout(60_000);

const source = temporaryFolder("progress-source");
const data = temporaryFolder("progress-data");
const terminal = Bun.which("script") !== null && process.platform === "linux";
let database: TestDatabase | undefined;
afterAll(() => database?.close());

test.skipIf(!terminal)("warnings stand above the lines that are drawn again", async () => {
  database = await testDatabase();
  for (let i = 0; i < 5; i++) {
    writeFileSync(join(source, `${i}.zip`), "no archive");
    writeFileSync(join(source, `${i}.mid`), song(i));
  }
  const program = `${process.execPath} scripts/orchestrate.ts --source '${source}' --data-dir '${data}'`;
  const command = `${program} --database '${database.url}'`;
  const child = Bun.spawn(["script", "-qec", command, "/dev/null"], {
    cwd: join(import.meta.dir, "../../.."),
    env: { ...process.env, DATABASE_URL: "", NO_COLOR: "1" },
    stdin: "ignore",
    stdout: "pipe",
  });
  const lines = screen(await new Response(child.stdout).text());
  expect(lines.filter((line) => line.includes("Cannot unpack"))).toHaveLength(5);
  expect(lines.filter((line) => / \/ /.test(line)).map((line) => line.split(" ")[0])).toEqual([
    "import",
    "analysis",
    "split",
  ]);
});

/** What a terminal shows in the end: lines, after moves up, erased lines and erased rests of the screen. */
function screen(text: string): string[] {
  const lines = [""];
  let row = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  for (const [piece] of text.matchAll(/\x1b\[\d*[A-Za-z]|\r|\n|[^\x1b\r\n]+/g)) {
    if (piece === "\n") lines[++row] ??= "";
    else if (piece.endsWith("A") && piece.startsWith("\x1b")) row -= Number.parseInt(piece.slice(2), 10);
    else if (piece === "\x1b[J") lines.length = row;
    else if (piece === "\x1b[2K") lines[row] = "";
    else if (piece !== "\r" && !piece.startsWith("\x1b")) lines[row] = (lines[row] ?? "") + piece;
  }
  return lines;
}

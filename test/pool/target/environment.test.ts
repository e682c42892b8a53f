import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realEnvironment } from "../../../lib/pool.ts";

const folder = mkdtempSync(join(tmpdir(), "midiworks-environment-"));
afterAll(() => rmSync(folder, { recursive: true }));
const door = new URL("../../../lib/pool.ts", import.meta.url).pathname;

/** `NAME` as a program sees it that is started in the folder with `env`. */
async function seen(env: Record<string, string>, flags: readonly string[] = [], before = ""): Promise<unknown> {
  const script = `import { realEnvironment } from "${door}"; ${before}
    console.log(JSON.stringify([realEnvironment().NAME ?? null, process.env.NAME ?? null]));`;
  writeFileSync(join(folder, "program.ts"), script);
  const { NAME: _, ...rest } = process.env;
  const child = Bun.spawn([process.execPath, ...flags, "program.ts"], { cwd: folder, env: { ...rest, ...env } });
  return JSON.parse(await new Response(child.stdout).text());
}

for (const file of [".env", ".env.local", ".env.development", ".env.production.local"]) {
  test(`realEnvironment: a name of ${file} does not count, one that was set does`, async () => {
    writeFileSync(join(folder, file), "# of a web shop\nOTHER=1\nexport NAME = 'from the file'\n");
    const mode = file.includes("production") ? { NODE_ENV: "production" } : { NODE_ENV: "development" };
    expect(await seen(mode)).toEqual([null, "from the file"]);
    expect(await seen({ ...mode, NAME: "set by hand" })).toEqual(["set by hand", "set by hand"]);
    rmSync(join(folder, file));
  });
}

test("realEnvironment: a file named on the command line is the person's word", async () => {
  writeFileSync(join(folder, ".env"), "NAME=unasked\n");
  writeFileSync(join(folder, "asked"), "NAME=asked for\n");
  expect(await seen({}, ["--env-file=asked"])).toEqual(["asked for", "asked for"]);
  expect(await seen({}, ["--no-env-file"])).toEqual([null, null]);
  rmSync(join(folder, ".env"));
});

test("realEnvironment: what the program sets itself counts", async () => {
  expect(await seen({}, [], 'process.env.NAME = "set here";')).toEqual(["set here", "set here"]);
  expect(realEnvironment().PATH).toBe(process.env.PATH);
});

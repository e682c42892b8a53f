import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedPages, PAGES, pageText } from "./support/docs.ts";

setDefaultTimeout(60_000);

test("docs: usage blocks, fields, views and the page of a song are those of the scripts", async () => {
  for (const [page, text] of await generatedPages()) expect([page, await pageText(page)]).toEqual([page, text]);
});

test("docs: links lead to files that are there", async () => {
  for (const page of [...PAGES, "CONTRIBUTING.md", "CHANGELOG.md"]) {
    const links = [...(await pageText(page)).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path!);
    expect(links.filter((path) => !existsSync(join(dirname(page), path))).map((path) => `${page}: ${path}`)).toEqual(
      [],
    );
  }
});

test("docs: the README is at most 250 lines", async () => {
  expect((await pageText("README.md")).split("\n").length).toBeLessThanOrEqual(250);
});

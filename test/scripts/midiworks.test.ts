import { expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync } from "node:fs";
import { version } from "../../package.json";
import { temporaryFolder } from "../support/folder.ts";
import { runScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const WALTZ = "test/songs/waltz in D.mid";

test("midiworks runs a script by its name", async () => {
  const { out, code } = await runScript("midiworks", ["show", WALTZ]);
  expect(code).toBe(0);
  expect(out).toContain("Waltz in D");
});

test("midiworks says its version, lists its commands and refuses others", async () => {
  expect((await runScript("midiworks", ["--version"])).out).toBe(`midiworks ${version}\n`);
  expect((await runScript("show", ["--version"])).out).toBe(`midiworks ${version}\n`);
  expect((await runScript("midiworks", [])).out).toContain("orchestrate");
  const { err, code } = await runScript("midiworks", ["serach"]);
  expect([err, code]).toEqual([
    'midiworks: unknown command "serach", did you mean search?\nSee: midiworks --help\n',
    2,
  ]);
});

test("midiworks COMMAND --help names the command as it was typed", async () => {
  expect((await runScript("midiworks", ["show", "--help"])).out).toContain("USAGE midiworks show [OPTIONS] FILE...");
});

test("a flag with swapped letters is suggested, a flag given twice and a second folder are refused", async () => {
  expect((await runScript("search", ["--bmp", "120"])).err).toContain("unknown flag --bmp, did you mean --bpm?");
  expect((await runScript("show", ["--hlep"])).err).toContain("did you mean --help?");
  expect((await runScript("import", ["--workers", "1", "--workers", "2", "x"])).err).toContain(
    "--workers is given twice",
  );
  expect((await runScript("import", ["a", "b"])).err).toContain('unexpected argument "b"');
  expect((await runScript("import", ["/no/such/folder"])).err).toContain("/no/such/folder");
});

test("after -- everything is a file", async () => {
  const { out, code } = await runScript("show", ["--", "-rf.mid"]);
  expect([out, code]).toEqual(["-rf.mid\n  cannot be read: no such file\n", 1]);
});

test("show ends with 1 when a file could not be read, and says the others", async () => {
  const { out, code } = await runScript("show", ["--json", "test/songs/damaged/a web page.mid", WALTZ]);
  expect(code).toBe(1);
  expect(out.split("\n").filter(Boolean)).toHaveLength(2);
});

test("show takes a name that is no UTF-8, as the shell gives it", async () => {
  const folder = temporaryFolder("names");
  const name = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x82, 0xb3]), Buffer.from(".mid")]);
  copyFileSync(WALTZ, name);
  const child = Bun.spawn(["sh", "-c", `"$1" scripts/show.ts "$2"/*.mid`, "sh", process.execPath, folder], {
    stdout: "pipe",
  });
  const out = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  expect(out).toStartWith(`${folder}/\\x82\\xb3.mid\n  Title       Waltz in D\n`);
});

test("completion: bash completes commands and flags", async () => {
  const { out } = await runScript("midiworks", ["completion", "bash"]);
  const complete = async (...words: string[]) => {
    const line = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _midiworks; echo "\${COMPREPLY[@]}"`;
    return (await new Response(Bun.spawn(["bash", "-c", line], { stdout: "pipe" }).stdout).text()).trim();
  };
  expect(await complete("midiworks", "or")).toBe("orchestrate");
  expect(await complete("midiworks", "split", "--drums")).toBe("--drums-by-note");
});

import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "../database/owner.ts";
import { runScript, startScript } from "../support/script.ts";
import { song } from "../support/tunes.ts";

setDefaultTimeout(60_000);

const { dir: base, remove } = scratch();
const music = join(base, "music");
const data = join(base, "data");
afterAll(remove);

test("status watches a run from another terminal, over the same embedded server, and ends by Ctrl-C", async () => {
  mkdirSync(music);
  for (let i = 0; i < 600; i++) writeFileSync(join(music, `${i}.mid`), song(i));
  writeFileSync(join(music, "broken.mid"), "no MIDI");
  expect(await runScript("import", ["--source", music, "--data-dir", data, "--quiet"])).toMatchObject({ code: 0 });
  const watch = startWatch();
  await watch.firstWith((status) => status.runs.length === 0);
  const job = startScript("analyze", ["--data-dir", data, "--quiet"]);
  const first = await watch.firstWith((status) => status.runs.length > 0);
  expect(first.runs[0]).toMatchObject({ command: "analyze", pid: job.child.pid });
  expect(await job.ended).toMatchObject({ code: 0 });
  const last = await watch.firstWith((status) => status.runs.length === 0);
  expect(last).toMatchObject({
    contents: { count: 601, rejected: 1 },
    analysis: { pending: 0, claimed: 0, done: 600 },
  });
  expect(last.rates).not.toBeNull();
  watch.child.kill("SIGINT");
  await watch.child.exited;
  expect(watch.child.exitCode).toBe(130);
});

test("status afterwards says what the library holds and what failed", async () => {
  const { code, out, err } = await runScript("status", ["--data-dir", data]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain("Files: 601 distinct");
  expect(out).toMatch(/^analysis +600 +0 +0 +0 +1$/m);
  expect(out).toContain("No run is at work.");
  expect(out).toMatch(/^ +1 +import +Cannot read MIDI.*broken\.mid$/m);
});

test("status --failed lists every failure with its path, --metrics counts as Prometheus reads them", async () => {
  const failed = await runScript("status", ["--failed", "--json", "--data-dir", data]);
  expect(JSON.parse(failed.out)).toMatchObject({ phase: "import", path: join(music, "broken.mid") });
  const { out } = await runScript("status", ["--metrics", "--data-dir", data]);
  expect(out).toContain("# TYPE midiworks_contents gauge\n");
  expect(out).toContain('midiworks_phase_contents{phase="analysis",state="done"} 600\n');
  for (const line of out.trim().split("\n")) expect(line).toMatch(/^# (HELP|TYPE) |^midiworks_\w+(\{[^}]+\})? \d+$/);
});

test("status refuses what it does not know", async () => {
  const { code, err } = await runScript("status", ["--watch", "often"]);
  expect(code).toBe(2);
  expect(err).toStartWith("status: ");
});

/** `status --watch --json` and its lines as they come. */
function startWatch() {
  const child = Bun.spawn([process.execPath, "scripts/status.ts", "--data-dir", data, "--watch", "0.2", "--json"], {
    cwd: join(import.meta.dir, "../.."),
    env: { ...process.env, DATABASE_URL: "" },
    stderr: "ignore",
  });
  const lines = readLines(child.stdout);
  const firstWith = async (wanted: (status: Status) => boolean): Promise<Status> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error("status ended");
      const status = JSON.parse(value) as Status;
      if (wanted(status)) return status;
    }
  };
  return { child, firstWith };
}

interface Status {
  readonly runs: readonly { readonly command: string; readonly pid: number }[];
  readonly rates: object | null;
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

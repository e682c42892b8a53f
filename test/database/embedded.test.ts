import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "../../lib/database/open.ts";
import {
  copyWithOwners,
  deserted,
  keeperOf,
  type Owner,
  postmasterOf,
  scratch,
  scratches,
  startOwner,
} from "./owner.ts";

setDefaultTimeout(60_000);

const { freshDir, removeAll } = scratches();
afterEach(removeAll);

const model = scratch();
beforeAll(async () => await (await open(model.dir)).close());
afterAll(model.remove);

/** A data directory with a library in it, copied: making one is what takes the time. */
function libraryDir(): string {
  const dir = freshDir();
  copyWithOwners(join(model.dir, "postgres"), dir);
  return dir;
}

/** An owner that is open already. */
async function owner(dir: string): Promise<Owner> {
  const started = startOwner(dir);
  expect(await started.word).toMatchObject({
    where: expect.stringContaining(dir),
    version: expect.stringMatching(/^18/),
  });
  return started;
}

const open = (dataDir: string) => openDatabase({ library: "make", dataDir, workers: 1, applicationName: "test" });

/** A data directory whose keeper and script were killed as soon as initdb was at work. */
async function killedWhileMaking(): Promise<string> {
  const dir = freshDir();
  const first = startOwner(dir);
  first.word.catch(() => undefined);
  while (!readdirSync(dir).some((name) => /^postgres(\.new-|$)/.test(name))) await Bun.sleep(1);
  process.kill(keeperOf(dir) ?? 0, "SIGKILL");
  await first.kill("SIGKILL");
  return dir;
}

describe("the embedded server", () => {
  test("keeps rows from one run to the next, and leaves nothing running between them", async () => {
    const dir = freshDir();
    const first = await open(dir);
    await first.pool.run((sql) => sql`create table kept as select 42 as answer`);
    await first.close();
    await deserted(dir);
    const second = await open(dir);
    expect([...(await second.pool.run((sql) => sql`select answer from kept`))]).toEqual([{ answer: 42 }]);
    await second.close();
    await deserted(dir);
  });

  test("is shared by scripts that run at once; the last one out stops it", async () => {
    const dir = libraryDir();
    const first = await owner(dir);
    const server = postmasterOf(dir);
    const second = await owner(dir);
    expect(postmasterOf(dir)).toBe(server);
    await first.leave();
    const third = await owner(dir);
    expect(postmasterOf(dir)).toBe(server);
    await second.leave();
    await third.leave();
    await deserted(dir);
  });

  test("is made once and migrated once by four scripts that start at the same instant", async () => {
    const dir = freshDir();
    const owners = Array.from({ length: 4 }, () => startOwner(dir));
    const words = await Promise.all(owners.map((one) => one.word));
    expect(new Set(words.map((word) => word.steps)).size).toBe(1);
    const notes = words.flatMap((word) => word.notes ?? []);
    expect(notes.filter((note) => note.endsWith(" created"))).toHaveLength(1);
    expect(notes.filter((note) => note.includes("schema brought up to date"))).toHaveLength(1);
    await Promise.all(owners.map((one) => one.leave()));
    await deserted(dir);
  });

  test("serves scripts that come while others go", async () => {
    const dir = libraryDir();
    const visit = async () => {
      for (let i = 0; i < 4; i++) await (await owner(dir)).leave();
    };
    await Promise.all([visit(), visit(), visit()]);
    await deserted(dir);
  });

  test("stops when its only script is killed", async () => {
    const dir = libraryDir();
    const only = await owner(dir);
    await only.kill("SIGKILL");
    await deserted(dir);
    const log = readFileSync(join(dir, "postgres.log"), "utf8");
    expect(log).toContain("database system is shut down");
  });

  test("survives the Ctrl-C that stops a script", async () => {
    const dir = libraryDir();
    const [first, second] = [await owner(dir), await owner(dir)];
    const server = postmasterOf(dir);
    const group = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[4];
    expect(group(server)).toBe(String(server));
    await first.kill("SIGINT");
    expect(postmasterOf(dir)).toBe(server);
    await second.leave();
  });

  test("is taken over when script and keeper were killed", async () => {
    const dir = libraryDir();
    const first = await owner(dir);
    const server = postmasterOf(dir);
    process.kill(keeperOf(dir) ?? 0, "SIGSTOP"); // so that it cannot tidy up
    await first.kill("SIGKILL");
    process.kill(keeperOf(dir) ?? 0, "SIGKILL");
    const next = startOwner(dir);
    expect((await next.word).notes).toContain(`the embedded PostgreSQL in ${dir} adopted`);
    expect(postmasterOf(dir)).toBe(server);
    await next.leave();
    await deserted(dir);
  });

  test("starts again after everything was killed, though another process has the old number by now", async () => {
    const dir = libraryDir();
    const first = await owner(dir);
    const keeper = keeperOf(dir) ?? 0;
    process.kill(keeper, "SIGKILL");
    process.kill(postmasterOf(dir), "SIGKILL");
    await first.kill("SIGKILL");
    const file = join(dir, "postgres", "postmaster.pid");
    writeFileSync(file, readFileSync(file, "latin1").replace(/^\d+/, String(process.pid)));
    await (await owner(dir)).leave();
    await deserted(dir);
  });

  test("starts again though a shell that stands in its folder has the old number by now", async () => {
    const dir = libraryDir();
    await (await owner(dir)).leave();
    await deserted(dir);
    const cluster = join(dir, "postgres");
    const { uid, gid } = statSync(cluster);
    const account = process.getuid?.() === 0 ? { uid, gid } : {};
    const shell = spawn("sh", ["-c", "read line"], { cwd: cluster, ...account });
    writeFileSync(join(cluster, "postmaster.pid"), `${shell.pid}\n${cluster}\n0\n5432\n.\n\n`);
    const next = await owner(dir);
    shell.kill();
    await next.leave();
    await deserted(dir);
  });

  test("comes back under a script's feet when it is killed alone", async () => {
    const dir = libraryDir();
    const database = await open(dir);
    const server = postmasterOf(dir);
    process.kill(server, "SIGKILL");
    while (postmasterOf(dir) === server) await Bun.sleep(5);
    const rows = await database.pool.run((sql) => sql`select 1 as one`, { retry: 5 });
    expect([...rows]).toEqual([{ one: 1 }]);
    await database.close();
    await deserted(dir);
  });

  test("gets a new keeper when its keeper is killed under a script", async () => {
    const dir = libraryDir();
    const notes: string[] = [];
    const heard = Promise.withResolvers<void>();
    const onEvent = (event: unknown) => {
      if (String(event).includes("keeper is back")) heard.resolve();
      notes.push(String(event));
    };
    const database = await openDatabase({
      library: "make",
      dataDir: dir,
      workers: 1,
      applicationName: "test",
      onEvent,
    });
    const server = postmasterOf(dir);
    process.kill(keeperOf(dir) ?? 0, "SIGKILL");
    await heard.promise;
    expect(postmasterOf(dir)).toBe(server);
    await database.close();
    await deserted(dir);
  });

  test("does not take a half-made cluster for a library", async () => {
    let dir = await killedWhileMaking();
    while (existsSync(join(dir, "postgres"))) dir = await killedWhileMaking(); // we came too late
    const halfMade = () => readdirSync(dir).filter((name) => name.startsWith("postgres.new-"));
    expect(halfMade()).toHaveLength(1);
    await (await owner(dir)).leave(); // the orphaned initdb may be busy in it during this run
    await (await owner(dir)).leave();
    expect(halfMade()).toEqual([]);
  });

  test.each([
    ["spaces and signs", `a b'c"d $(e) ünï %20 ;&`],
    ["more bytes than a socket's name may have", "deep/".repeat(40)],
  ])("works in a directory whose path has %s", async (_, name) => {
    const dir = join(freshDir(), name);
    const database = await open(dir);
    expect((await database.pool.run((sql) => sql`select 1 as one`)).count).toBe(1);
    await database.close();
  });
});

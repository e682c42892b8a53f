// Ways to reach a server, and ways in which it cannot be reached.
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chownSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createPool, isConnectionLost, type PoolOptions } from "../../lib/pool.ts";
import { freePort } from "../../scripts/bench/support/cluster.ts";
import { codeOf, repeat, until } from "../../scripts/bench/support/load.ts";
import { sharedServer, TestServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();

/** Who answers, and how the connection looks from there. */
async function hello(options: Omit<PoolOptions, "workers">): Promise<{ user: string; database: string; tls: boolean }> {
  const pool = await createPool({ workers: 2, ...options });
  const [row] = await pool.run(
    (sql) => sql<{ user: string; database: string; tls: boolean }[]>`
      select current_user::text as user, current_database()::text as database, ssl as tls
      from pg_stat_ssl where pid = pg_backend_pid()`,
  );
  await pool.close();
  return { ...row! };
}

const PLAIN = { user: "postgres", database: "postgres", tls: false };

test("createPool connects by URL and by fields, over TCP and a unix socket, trusted", async () => {
  const { port, socketDir: dir } = server;
  expect(await hello({ url: server.url() })).toEqual(PLAIN);
  expect(await hello({ url: server.url("?sslmode=disable") })).toEqual(PLAIN);
  expect(await hello({ url: `postgresql://postgres@/postgres?host=${dir}&port=${port}` })).toEqual(PLAIN);
  expect(await hello({ url: `postgres://postgres@${encodeURIComponent(dir)}:${port}/postgres` })).toEqual(PLAIN);
  expect(await hello({ url: `postgres:///postgres?host=${dir}&port=${port}&user=postgres` })).toEqual(PLAIN);
  expect(await hello({ host: dir, port, user: "postgres", database: "postgres" })).toEqual(PLAIN);
  expect(await hello({ path: dir, port, user: "postgres", database: "postgres" })).toEqual(PLAIN);
  expect(await hello({ path: join(dir, `.s.PGSQL.${port}`), user: "postgres" })).toEqual(PLAIN);
  expect(await hello({ url: server.url("?connect_timeout=5&application_name=x&search_path=public") })).toEqual(PLAIN);
});

test("createPool reads libpq's environment, as far as the URL leaves things open, and nothing else of it", async () => {
  const script = `
    import { createPool } from "${new URL("../../lib/pool.ts", import.meta.url).pathname}";
    const open = async (options) => {
      const pool = await createPool({ ...options, workers: 1 });
      const rows = await pool.run((sql) => sql\`select current_user, current_setting('application_name')\`.values());
      console.log(rows.flat().join(), pool.stats().max);
      await pool.close();
    };
    await open({ url: "${server.url()}" });
    await open({ environment: {}, ...${JSON.stringify(server.target)} });
    await open({});`;
  const libpq = {
    PGHOST: "127.0.0.1",
    PGPORT: String(server.port),
    PGUSER: "postgres",
    PGAPPNAME: "x",
    PGSSLMODE: "disable",
  };
  const driver = {
    PGMAX: "7",
    PGSSL: "require",
    PGFETCH_TYPES: "true",
    PGMAX_LIFETIME: "1",
    PGTRANSFORM: "x",
  };
  const child = Bun.spawn([process.execPath, "-e", script], {
    env: { ...process.env, ...libpq, ...driver },
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const lines = ["postgres,x 3", "postgres,midiworks 3", "postgres,x 3"];
  expect({ out: out.trim().split("\n"), err }).toEqual({ out: lines, err: "" });
});

test("createPool refuses options that cannot work", async () => {
  const { target } = server;
  expect(createPool({ ...target, workers: 0 })).rejects.toThrow(
    "found workers 0, expected a whole number of at least 1",
  );
  expect(createPool({ ...target, workers: 2, min: 5 })).rejects.toThrow("found min 5 above max 4");
  expect(createPool({ ...target, workers: 2, bypassMs: -1 })).rejects.toThrow("found bypassMs -1");
  expect(createPool({ url: "mysql://me:secret@host/db", workers: 1 })).rejects.toThrow("found scheme mysql, expected");
  expect(createPool({ url: "postgres://h/d?sslmode=maybe", workers: 1 })).rejects.toThrow(
    "found maybe, expected disable",
  );
});

const openssl = spawnSync("openssl", ["version"]).status === 0;
if (!openssl) console.log("skipped: TLS tests, no openssl command to make a certificate with");

test.skipIf(!openssl)(
  "createPool over TLS: require takes any certificate, verify checks chain and name",
  async () => {
    const secured = await TestServer.start({
      settings: { ssl: "on", ssl_cert_file: "server.crt", ssl_key_file: "server.key" },
      hba: "local all all trust\nhostssl all postgres 127.0.0.1/32 trust\nhostssl all singer 127.0.0.1/32 scram-sha-256\nhostnossl all plain 127.0.0.1/32 trust\n",
      prepare: certify,
    });
    try {
      const { target } = secured;
      const root = join(secured.socketDir, "server.crt");
      const tls = { ...PLAIN, tls: true };
      await secured.admin("create role singer login password 'do:re/mi@?%'");
      await secured.admin("create role plain login");
      expect(await hello({ url: secured.url("?sslmode=require") })).toEqual(tls);
      expect(await hello({ url: secured.url("?sslmode=prefer") })).toEqual(tls);
      expect(await hello({ ...target, ssl: true })).toEqual(tls);
      expect(await hello({ ...target, ssl: { rejectUnauthorized: false } })).toEqual(tls);
      expect(
        await hello({ ...target, host: "localhost", url: secured.url(`?sslmode=verify-full&sslrootcert=${root}`) }),
      ).toEqual(tls);
      expect(await hello({ url: secured.url(`?sslmode=verify-ca&sslrootcert=${root}`) })).toEqual(tls);
      expect(await hello({ ...target, host: "localhost", ssl: { ca: readFileSync(root) } })).toEqual(tls);
      const password = encodeURIComponent("do:re/mi@?%");
      const singer = `postgres://singer:${password}@127.0.0.1:${secured.port}/postgres?sslmode=require`;
      expect(await hello({ url: singer })).toEqual({ ...tls, user: "singer" });
      const code = (options: Omit<PoolOptions, "workers">) => codeOf(hello(options));
      expect(await code({ url: secured.url(`?sslmode=verify-full&sslrootcert=${root}`) })).toBe("TLS_FAILED"); // 127.0.0.1 is not in it
      expect(await code({ url: secured.url("?sslmode=verify-full") })).toBe("TLS_FAILED"); // nobody vouches for it
      expect(await code({ url: secured.url("?sslmode=disable") })).toBe("28000");
      expect(await code({ ...target, user: "singer", password: "wrong", ssl: "require" })).toBe("28P01");
      expect(await code({ url: server.url("?sslmode=require") })).toBe("TLS_REFUSED"); // a server without TLS
      expect(await hello({ url: server.url("?sslmode=prefer") })).toEqual(PLAIN);

      const pool = await createPool({ ...target, ssl: true, workers: 4 });
      const killer = repeat(20, () => secured.killOne());
      for (let i = 0; i < 300; i++) await pool.run((sql) => sql`select repeat('x', 100000)`, { retry: 10 });
      expect(await killer.stop()).toBeGreaterThan(0);
      await pool.close();
      await until("no backend is left", async () => (await secured.backends()).length === 0);
    } finally {
      await secured.close();
    }
  },
  60_000,
);

test("createPool with a password: scram-sha-256, and md5", async () => {
  const guarded = await TestServer.start({ hba: "local all all trust\nhost all all 127.0.0.1/32 md5\n" });
  try {
    await guarded.admin("create role singer login password 'la la'");
    await guarded.admin("set password_encryption = 'md5'");
    await guarded.admin("create role drummer login password 'boom'");
    const { port } = guarded;
    const as = (user: string, password: string) => ({ host: "127.0.0.1", port, database: "postgres", user, password });
    expect(await hello(as("singer", "la la"))).toEqual({ ...PLAIN, user: "singer" });
    expect(await hello({ url: `postgres://singer:la%20la@127.0.0.1:${port}/postgres` })).toEqual({
      ...PLAIN,
      user: "singer",
    });
    expect(await hello(as("drummer", "boom"))).toEqual({ ...PLAIN, user: "drummer" });
    expect(await codeOf(hello(as("singer", "do do")))).toBe("28P01");
    expect(await codeOf(hello(as("nobody", "x")))).toBe("28P01");
    expect(await codeOf(hello({ ...as("singer", "la la"), database: "missing" }))).toBe("3D000");

    const pool = await createPool({ ...as("singer", "la la"), workers: 2 });
    await guarded.admin("alter role singer password 'changed'");
    await guarded.killAll();
    await until("both are gone", () => pool.stats().total === 0);
    expect(await codeOf(pool.run((sql) => sql`select 1`))).toBe("28P01"); // waiting would not heal it
    await guarded.admin("alter role singer password 'la la'");
    await until("the pool recovers", async () => (await codeOf(pool.run((sql) => sql`select 1`))) === "ok");
    await pool.close();
  } finally {
    await guarded.close();
  }
});

/** A listener that is no server. */
async function listener(greet: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const fake = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    greet(socket);
  });
  await new Promise<void>((done) => fake.listen(0, "127.0.0.1", done));
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    fake.close();
  });
  return (fake.address() as AddressInfo).port;
}

test("createPool that cannot connect rejects with the driver's or the system's code", async () => {
  const { target, socketDir } = server;
  const code = (options: Omit<PoolOptions, "workers">) => codeOf(hello({ ...target, ...options }));
  expect(await code({ user: "stranger" })).toBe("28000");
  expect(await code({ database: "missing" })).toBe("3D000");
  expect(await code({ session: { no_such_setting: 1 } })).toBe("42704");
  expect(await code({ port: await freePort() })).toBe("ECONNREFUSED");
  expect(await code({ host: "no-such-host.invalid" })).toBe("ENOTFOUND");
  expect(await code({ host: join(socketDir, "nowhere") })).toBe("ENOENT");
  expect(await code({ port: await listener(() => {}), connectTimeoutMs: 100 })).toBe("CONNECT_TIMEOUT");
  expect(await code({ port: await listener(() => {}), connectTimeoutMs: 100, ssl: true })).toBe("CONNECT_TIMEOUT");
  expect(await code({ port: await listener((socket) => socket.end()) })).toBe("CONNECTION_CLOSED");
  expect(await code({ port: await listener((socket) => socket.end()), ssl: true })).toBe("CONNECTION_CLOSED");
  let attempts = 0;
  const port = await listener((socket) => socket.end(void attempts++));
  expect(await codeOf(createPool({ ...target, port, workers: 8 }))).toBe("CONNECTION_CLOSED");
  expect(attempts).toBe(1); // a wrong password, too, costs one attempt and not eight
  const hangUp = (socket: Socket) => socket.once("data", () => socket.destroy());
  expect(["CONNECTION_CLOSED", "ECONNRESET"]).toContain(await code({ port: await listener(hangUp) }));
});

test("createPool that is refused hangs up", async () => {
  let closed = false;
  const refuse = (socket: Socket) => {
    const refusal = "SERROR\0VERROR\0CXX000\0Mnot today\0\0";
    socket.on("close", () => {
      closed = true;
    });
    const message = Buffer.concat([Buffer.from([0x45, 0, 0, 0, 4 + refusal.length]), Buffer.from(refusal)]);
    socket.once("data", () => socket.write(message));
  };
  expect(await codeOf(hello({ ...server.target, port: await listener(refuse) }))).toBe("XX000");
  await until("the socket is closed", () => closed);
});

test("kills during start-up: the pool comes up or rejects cleanly, and leaves no backend", async () => {
  const outcomes = new Map<string, number>();
  const killer = repeat(0, () => server.killAll());
  for (let round = 0; round < 60; round++) {
    const code = await codeOf(
      createPool({ ...server.target, workers: 8 }).then((pool) => pool.close({ timeoutMs: 500 })),
    );
    outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  }
  expect(await killer.stop()).toBeGreaterThan(0);
  for (const code of outcomes.keys()) if (code !== "ok") expect(isConnectionLost({ code })).toBe(true);
  await until("no backend is left", async () => (await server.backends()).length === 0);
  console.log("kills during start-up:", Object.fromEntries(outcomes));
});

/** A self-signed certificate for localhost that is its own authority. */
function certify(dir: string, account: { uid: number; gid: number } | null): void {
  const subject = [
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=DNS:localhost",
    "-addext",
    "basicConstraints=CA:TRUE",
  ];
  const files = ["-keyout", "server.key", "-out", "server.crt"];
  const run = spawnSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", ...subject, ...files],
    {
      cwd: dir,
      encoding: "utf8",
    },
  );
  if (run.status !== 0) throw new Error(`Cannot make a certificate for the test: ${run.stderr}`);
  if (account) for (const file of ["server.key", "server.crt"]) chownSync(join(dir, file), account.uid, account.gid);
}

// Closing: bounded, nothing left behind, and the process ends by itself.
import { expect, setDefaultTimeout, test } from "bun:test";
import { createPool } from "../../lib/pool.ts";
import { codeOf, load, until } from "../../scripts/bench/support/load.ts";
import { sharedServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();
const noBackends = async () => (await server.backends()).length === 0;

test("close: work in flight, held leases, waiters and a dead lease end in time and leave no backend", async () => {
  // The server would notice by itself within a second that the clients are gone; here it has to be told.
  const session = { client_connection_check_interval: 0 };
  const pool = await createPool({ ...server.target, workers: 4, session });
  const held = await Promise.all(Array.from({ length: 3 }, () => pool.acquire()));
  await server.admin("select pg_terminate_backend($1)", [held[0]?.pid]);
  await until("the loss is noticed", () => held[0]?.lost === true);
  const slow = codeOf(pool.run((sql) => sql`select pg_sleep(60)`));
  const inTransaction = codeOf(pool.tx((sql) => sql`select pg_sleep(60)`));
  const rest = await Promise.all(Array.from({ length: 2 }, () => pool.acquire()));
  const waiters = Array.from({ length: 20 }, () => codeOf(pool.run((sql) => sql`select 1`)));
  const began = performance.now();
  const closing = pool.close({ timeoutMs: 200 });
  expect(new Set(await Promise.all(waiters))).toEqual(new Set(["POOL_CLOSED"]));
  expect(await codeOf(pool.acquire())).toBe("POOL_CLOSED");
  rest[0]?.release();
  await Promise.all([closing, pool.close()]);
  expect(performance.now() - began).toBeLessThan(3_000);
  expect([await slow, await inTransaction]).toEqual(["CONNECTION_LOST", "CONNECTION_LOST"]);
  expect(await codeOf(held[1]!.sql`select 1`)).toBe("CONNECTION_LOST");
  for (const lease of [...held, ...rest]) lease.release();
  expect(pool.stats()).toMatchObject({ total: 0, connecting: 0, waiting: 0 });
  await until("no backend is left", noBackends, 3_000);
});

test("close: work that ends in time is not cut", async () => {
  const pool = await createPool({ ...server.target, workers: 2 });
  const work = codeOf(pool.tx((sql) => sql`select pg_sleep(0.1)`));
  await until("it began", () => pool.stats().active === 1);
  await pool.close();
  expect(await work).toBe("ok");
  expect(pool.stats()).toMatchObject({ total: 0, lost: 0 });
  await until("no backend is left", noBackends);
});

test("close: while the server is away, and while connections are being opened", async () => {
  const pool = await createPool({ ...server.target, workers: 4 });
  await server.stop("immediate");
  await until("all are lost", () => pool.stats().total === 0);
  const waiter = codeOf(pool.run((sql) => sql`select 1`));
  await pool.close();
  expect(await waiter).toBe("POOL_CLOSED");
  await server.start();
  const growing = await createPool({ ...server.target, workers: 1, max: 10 });
  const work = load(
    10,
    () => true,
    () => growing.run((sql) => sql`select 1`),
  );
  await until("connections are being opened", () => growing.stats().connecting > 0);
  await growing.close();
  expect((await work).failed.every((error) => (error as { code?: string }).code === "POOL_CLOSED")).toBe(true);
  await until("no backend is left", noBackends);
});

test("close: the process ends by itself, with nothing thrown late", async () => {
  const script = `
    import { createPool } from "${new URL("../../lib/pool.ts", import.meta.url).pathname}";
    const pool = await createPool({ url: "${server.url()}", workers: 3 });
    await pool.run((sql) => sql\`select 1\`);
    const held = await pool.acquire();
    pool.run((sql) => sql\`select pg_sleep(60)\`).catch(() => {});
    pool.run((sql) => sql\`select pg_sleep(60)\`.execute() && null);
    pool.acquire({ timeoutMs: 60_000 }).catch(() => {});
    await pool.close({ timeoutMs: 50 });
    console.log("closed");`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "pipe", timeout: 20_000 });
  const [out, err, code] = [
    await new Response(child.stdout).text(),
    await new Response(child.stderr).text(),
    await child.exited,
  ];
  expect({ out: out.trim(), err, code }).toEqual({ out: "closed", err: "", code: 0 });
  await until("no backend is left", noBackends, 3_000);
});

test("a killed client's statements do not run on: the server notices within seconds", async () => {
  const script = `
    import { createPool } from "${new URL("../../lib/pool.ts", import.meta.url).pathname}";
    const pool = await createPool({ url: "${server.url()}", workers: 2 });
    await pool.run((sql) => sql\`select pg_sleep(60)\`);`;
  const child = Bun.spawn([process.execPath, "-e", script]);
  const sleeping = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
  await until("it works", async () => (await server.admin(sleeping)).length === 1);
  child.kill("SIGKILL");
  await child.exited;
  await until("no backend is left", noBackends);
});

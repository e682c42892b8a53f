// What the log hears, and what it cannot do to the pool.
import { expect, setDefaultTimeout, test } from "bun:test";
import { createPool, type PoolEvent } from "../../lib/pool.ts";
import { codeOf, until, withPool } from "../../scripts/bench/support/load.ts";
import { sharedServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();

test("a handler that uses the pool cannot break max", async () => {
  const box: { pool?: Awaited<ReturnType<typeof createPool>> } = {};
  const uses: Promise<unknown>[] = [];
  const onEvent = ({ type }: PoolEvent) => {
    if (box.pool !== undefined && ["opened", "lost", "replaced"].includes(type))
      uses.push(box.pool.run((sql) => sql`select 1`));
  };
  const pool = await createPool({ ...server.target, workers: 1, max: 1, onEvent });
  box.pool = pool;
  for (let kill = 1; kill <= 3; kill++) {
    await server.killAll();
    await until("it is replaced", () => pool.stats().opened === kill + 1);
    await Promise.all(uses);
    expect(pool.stats()).toMatchObject({ total: 1, idle: 1, max: 1 });
  }
  expect(uses.length).toBeGreaterThan(3);
  await until("nothing is being opened", () => pool.stats().connecting === 0);
  expect(pool.stats()).toMatchObject({ total: 1, opened: 4 });
  await pool.close();
});

test("a handler that fails, at once or later, ends neither the pool nor the process", async () => {
  const script = `
    import { createPool } from "${new URL("../../lib/pool.ts", import.meta.url).pathname}";
    let calls = 0;
    const onEvent = (event) => {
      if (calls++ % 2 === 0) throw new Error("at once");
      return Promise.reject(new Error("later"));
    };
    const pool = await createPool({ url: "${server.url()}", workers: 4, onEvent });
    await pool.run((sql) => sql\`select 1\`);
    await pool.close();
    console.log("closed", calls);`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "pipe" });
  const [out, err] = [await new Response(child.stdout).text(), await new Response(child.stderr).text()];
  expect(await child.exited).toBe(0);
  expect(out.trim()).toBe("closed 4");
  expect(err).toContain("Cannot report pool event opened: Error: at once");
  expect(err).toContain("Cannot report pool event opened: Error: later");
});

test("words of other pools in the URL are told in one event", async () => {
  const events: PoolEvent[] = [];
  const url = server.url("?schema=public&connection_limit=5&pool_timeout=10&sslmode=disable");
  const pool = await createPool({ url, workers: 1, onEvent: (event) => events.push(event) });
  await pool.close();
  expect(events).toContainEqual({ type: "passed-over", words: ["connection_limit", "pool_timeout"] });
});

test("replaced is told for what was replaced, not for later growth", async () => {
  const events: PoolEvent[] = [];
  const options = { workers: 1, max: 3, onEvent: (event: PoolEvent) => events.push(event) };
  await withPool(server, options, async (pool) => {
    const grow = async () => {
      const leases = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
      for (const lease of leases) lease.release();
    };
    await grow();
    await server.killAll();
    await until("one is replaced", () => pool.stats().lost === 3 && pool.stats().idle === 1);
    await grow();
    expect(await codeOf(pool.run((sql) => sql`select 1`))).toBe("ok");
    expect(events.filter(({ type }) => type === "replaced")).toHaveLength(1);
  });
});

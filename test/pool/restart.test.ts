// The server restarts or goes away under load.
import { expect, setDefaultTimeout, test } from "bun:test";
import { isConnectionLost, type PoolEvent } from "../../lib/pool.ts";
import { forMs, load, until, withPool } from "../../scripts/bench/support/load.ts";
import { length, sharedServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();

for (const mode of ["fast", "immediate"] as const) {
  test(`restart ${mode} under load: at most one failure a worker, then work goes on`, async () => {
    await withPool(server, {}, async (pool) => {
      let running = true;
      let back = 0;
      let firstMs = 0;
      const work = load(
        8,
        () => running,
        async () => {
          await pool.run((sql) => sql`select 1`);
          if (back > 0 && firstMs === 0) firstMs = performance.now() - back;
        },
      );
      for (let restart = 1; restart <= length(1, 5); restart++) {
        const before = pool.stats().acquires;
        await until("work is going on", () => pool.stats().acquires > before + 100);
        await server.stop(mode);
        back = 0;
        await server.start();
        [back, firstMs] = [performance.now(), 0];
        await until("work goes on again", () => firstMs > 0, 2_000);
        console.log(`restart ${mode}: first success ${firstMs.toFixed(0)} ms after the server's return`);
      }
      running = false;
      const outcome = await work;
      expect(outcome.failed.filter((error) => !isConnectionLost(error))).toEqual([]);
      expect(Math.max(...outcome.failedByWorker)).toBeLessThanOrEqual(length(1, 5));
      await until("the pool is back to N", () => pool.stats().total >= 8);
    });
  });
}

test("a server that stops as in a crash gives its reason, which the log hears", async () => {
  const reasons: string[] = [];
  const onEvent = (event: PoolEvent) => void (event.type === "lost" && reasons.push(event.reason));
  await withPool(server, { workers: 4, onEvent }, async (pool) => {
    await server.stop("immediate");
    await until("all are lost", () => pool.stats().total === 0);
    await server.start();
    expect(reasons.some((reason) => reason.includes("immediate shutdown"))).toBe(true); // some end faster than they speak
    expect(await pool.ping()).toBeGreaterThan(0);
  });
});

test("server down: callers sit it out, nobody fails", async () => {
  await withPool(server, {}, async (pool) => {
    let running = true;
    let back = Number.POSITIVE_INFINITY;
    let firstMs = 0;
    const work = load(
      8,
      () => running,
      async () => {
        await pool.run((sql) => sql`select 1`, { retry: 3 });
        if (performance.now() > back && firstMs === 0) firstMs = performance.now() - back;
      },
    );
    await server.stop("fast");
    // Attempts that had begun before the first one failed run out.
    await until("it is missed", () => pool.stats().connectFailed > 0 && pool.stats().connecting <= 1);
    const before = pool.stats().connectFailed;
    const awayMs = length(1_000, 10_000);
    const down = forMs(awayMs);
    let probes = 0;
    await until(
      "the server was away long enough",
      () => {
        probes = Math.max(probes, pool.stats().connecting);
        return !down();
      },
      20_000,
    );
    expect(probes).toBeLessThanOrEqual(1);
    expect(pool.stats().connectFailed - before).toBeLessThan(10 + awayMs / 70);
    await server.start();
    back = performance.now();
    await until("work goes on again", () => firstMs > 0, 2_000);
    running = false;
    expect((await work).failed).toEqual([]);
    console.log(`server down: first success ${firstMs.toFixed(0)} ms after the server's return`);
  });
});

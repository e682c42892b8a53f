import { expect, setDefaultTimeout, test } from "bun:test";
import { poolLine, startupLines } from "../../lib/pool.ts";
import { withPool } from "../../scripts/bench/support/load.ts";
import { sharedServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();

test("startupLines say what is configured", async () => {
  await withPool(server, {}, async (pool) => {
    expect(startupLines(pool.stats())).toEqual([
      "✅ Connected to database",
      "📊 Connection pool: 8 workers × 1 connection (+ 2 utility connections)",
      "⚡ Pool config: keep-warm, test-on-checkout, indefinite reuse",
    ]);
  });
  await withPool(server, { workers: 1, max: 2, min: 0, bypassMs: Number.POSITIVE_INFINITY }, async (pool) => {
    expect(startupLines(pool.stats()).slice(1)).toEqual([
      "📊 Connection pool: 1 worker × 1 connection (+ 1 utility connection)",
      "⚡ Pool config: opened on demand, no test on checkout, indefinite reuse",
    ]);
  });
  await withPool(server, { workers: 4, max: 2 }, async (pool) => {
    expect(startupLines(pool.stats()).slice(1)).toEqual([
      "📊 Connection pool: 4 workers sharing 2 connections",
      "⚡ Pool config: keep-warm (2 of 4), test-on-checkout, indefinite reuse",
    ]);
  });
});

test("poolLine counts what is open and says whether workers are busy", async () => {
  await withPool(server, {}, async (pool) => {
    const leases = await Promise.all(Array.from({ length: 10 }, () => pool.acquire()));
    for (const lease of leases.slice(0, 2)) lease.release();
    expect(poolLine(pool.stats())).toBe("Pool: 10 total, 2 idle, 8 active (workers busy)");
    for (const lease of leases) lease.release();
    expect(poolLine(pool.stats())).toBe("Pool: 10 total, 10 idle, 0 active (workers done)");
  });
});

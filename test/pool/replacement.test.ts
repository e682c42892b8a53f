// A connection replaced thousands of times leaves nothing behind.
import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { withPool } from "../../scripts/bench/support/load.ts";
import { length, sharedServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();
const ROUNDS = length(400, 20_000);

test("replacing connections over and over keeps memory and file descriptors as they are", async () => {
  await withPool(server, { workers: 2, max: 2 }, async (pool) => {
    const replace = async (times: number) => {
      for (let round = 0; round < times; round++) {
        const lease = await pool.acquire();
        await lease.sql`select 1`;
        lease.destroy(new Error("replaced by the test"));
      }
    };
    await replace(ROUNDS / 4);
    const before = footprint();
    await replace(ROUNDS);
    const after = footprint();
    console.log(
      `${ROUNDS} replacements: ${before.mb.toFixed(0)} MB to ${after.mb.toFixed(0)} MB, descriptors ${before.descriptors} to ${after.descriptors}`,
    );
    expect(after.mb - before.mb).toBeLessThan(15);
    expect(Math.abs(after.descriptors - before.descriptors)).toBeLessThanOrEqual(4);
    expect(pool.stats().lost).toBe(1.25 * ROUNDS);
  });
}, 600_000);

/** Live memory after a collection, in megabytes, and open files where the system lists them. */
function footprint(): { mb: number; descriptors: number } {
  Bun.gc(true);
  const descriptors = process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
  return { mb: process.memoryUsage().rss / 2 ** 20, descriptors };
}

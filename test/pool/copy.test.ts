// COPY and cursors: what ends well leaves a good connection, what fails ends with its error.
import { expect, setDefaultTimeout, test } from "bun:test";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PoolSql } from "../../lib/pool.ts";
import { codeOf, until, withPool } from "../../scripts/bench/support/load.ts";
import { length, sharedServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();
await server.admin("drop table if exists rows_in");
await server.admin("create table rows_in (n int)");

const copyIn = async (sql: PoolSql, text: Iterable<string>) =>
  pipeline(Readable.from(text), await sql`copy rows_in from stdin`.writable());

test("copy in: the connection is as good as before", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    for (let round = 0; round < length(50, 200); round++) {
      await pool.run((sql) => copyIn(sql, ["1\n", "2\n"]));
      await pool.run(async (sql) => {
        await copyIn(sql, ["3\n"]);
        expect((await sql`select 1 as one`)[0]?.one).toBe(1);
      });
    }
    expect(await pool.run((sql) => sql`select count(*) as n from rows_in`.values())).toEqual([
      [length(150, 600)],
    ] as never);
    expect(pool.stats().lost).toBe(0);
  });
});

test("copy in: a bad row ends the stream with its error, and the connection goes on", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const long = Array.from({ length: 20_000 }, (_, i) => `${i}\n`);
    for (const rows of [["x\n"], ["1\n", "x\n", "2\n"], ["x\n", ...long], [...long, "x\n"]]) {
      expect(await codeOf(pool.run((sql) => copyIn(sql, rows)))).toBe("22P02");
      expect(await codeOf(pool.run((sql) => sql`select 1`))).toBe("ok");
    }
    const inTransaction = pool.tx(async (sql) => {
      await sql`insert into rows_in values (-1)`;
      await copyIn(sql, ["x\n"]);
    });
    expect(await codeOf(inTransaction)).toBe("22P02");
    expect(pool.stats().lost).toBe(0);
  });
  expect(await server.admin("select * from rows_in where n < 0")).toEqual([]);
});

test("copy in: a source that fails leaves nothing behind", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const boom = new Error("boom");
    const source = function* () {
      yield "7777\n";
      throw boom;
    };
    expect(await pool.run((sql) => copyIn(sql, source() as Iterable<string>)).catch((error) => error)).toBe(boom);
    expect(await codeOf(pool.run((sql) => sql`select 1`))).toBe("ok");
  });
  expect(await server.admin("select * from rows_in where n = 7777")).toEqual([]);
});

test("copy: no other query runs while one is open; one killed or abandoned ends", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    await pool.run(async (sql) => {
      const into = await sql`copy rows_in from stdin`.writable();
      expect(await codeOf(sql`select 1`)).toBe("COPY_IN_PROGRESS");
      await new Promise<void>((done) => into.end(done));
      expect(await codeOf(sql`select 1`)).toBe("ok");
    });
    expect(pool.stats().lost).toBe(0);
    await pool.run(async (sql) => void (await sql`copy rows_in from stdin`.writable()).write("8888\n"));
    expect(await codeOf(pool.run((sql) => sql`select 1`))).toBe("ok");
    const killed = pool.run(async (sql) => {
      const into = await sql`copy rows_in from stdin`.writable();
      await server.killAll();
      await pipeline(Readable.from(["1\n"]), into);
    });
    expect(await codeOf(killed)).toMatch(/CONNECTION_LOST|ERR_STREAM/);
    expect(await codeOf(pool.run((sql) => sql`select 1`))).toBe("ok");
  });
  expect(await server.admin("select * from rows_in where n = 8888")).toEqual([]);
});

test("copy out: read to the end, left early, failed in the middle", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const read = async (sql: PoolSql, query: string, stop = false) => {
      let bytes = 0;
      for await (const chunk of await sql.unsafe(`copy (${query}) to stdout`).readable()) {
        bytes += chunk.length;
        if (stop) break;
      }
      return bytes;
    };
    expect(await pool.run((sql) => read(sql, "select 1 from generate_series(1, 1000)"))).toBe(2000);
    expect(pool.stats().lost).toBe(0);
    await pool.run((sql) => read(sql, "select repeat('x', 1000) from generate_series(1, 1000000)", true));
    expect(await codeOf(pool.run((sql) => read(sql, "select 1 / (500 - n) from generate_series(1, 1000) n")))).toBe(
      "22012",
    );
    expect(await codeOf(pool.run((sql) => sql`select 1`))).toBe("ok");
  });
});

test("cursor: left by break or by an error, the connection is as good as before", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    for (let round = 0; round < 20; round++) {
      const boom = new Error("boom");
      const some = async (sql: PoolSql, end?: Error) => {
        for await (const [row] of sql`select generate_series(1, 100) as n`.cursor(10)) {
          if (end !== undefined) throw end;
          return row?.n;
        }
      };
      expect(await pool.run((sql) => some(sql))).toBe(1);
      expect(await pool.run((sql) => some(sql, boom)).catch((error) => error)).toBe(boom);
      expect(await pool.tx((sql) => some(sql))).toBe(1);
    }
    await until("it is at rest", () => pool.stats().idle === 1);
    expect(pool.stats()).toMatchObject({ lost: 0, opened: 1 });
  });
});

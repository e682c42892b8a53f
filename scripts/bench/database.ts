import { createPool } from "../../lib/pool.ts";

let count = 0;

/** A new database on the server of `url`, for one run of a bench. */
export async function ownDatabase(url: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `midiworks_bench_${process.pid}_${++count}`;
  await onServer(url, `create database ${name}`);
  const at = new URL(url);
  at.pathname = `/${name}`;
  return { url: at.href, drop: () => onServer(url, `drop database ${name} with (force)`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const pool = await createPool({ url, workers: 1 });
  try {
    await pool.run((sql) => sql.unsafe(statement));
  } finally {
    await pool.close();
  }
}

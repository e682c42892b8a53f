import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { importFolder } from "../../lib/phases/import-folder.ts";
import { type ImportTally, importTally } from "../../lib/phases/import-tally.ts";
import { openSession, type Session } from "../../lib/phases/session.ts";
import type { PoolSql, Row } from "../../lib/pool.ts";
import { testDatabase } from "../support/database.ts";

/** A session on a database of its own, with a source folder and a data directory that go when it closes. */
export interface TestSession {
  readonly session: Session;
  readonly url: string;
  readonly source: string;
  readonly dataDir: string;
  readonly lines: string[];
  /** Stops the session as a user would. */
  stop(): void;
  /** Writes files below the source. */
  put(files: Readonly<Record<string, Uint8Array | string>>): void;
  /** Imports the source, or a folder in it. */
  import(maxBytes?: number, folder?: string): Promise<ImportTally>;
  rows(statement: string): Promise<Row[]>;
  /** Another process's session on the same library. */
  other(): Promise<Session>;
  close(): Promise<void>;
}

export async function openTestSession(): Promise<TestSession> {
  const { url, close } = await testDatabase();
  const base = mkdtempSync(join(tmpdir(), "midiworks-phases-"));
  const source = join(base, "source");
  const dataDir = join(base, "data");
  mkdirSync(source);
  const stopping = new AbortController();
  const lines: string[] = [];
  const open = () =>
    openSession({
      command: "test",
      database: url,
      dataDir,
      workers: 2,
      stop: stopping.signal,
      warn: (line) => lines.push(line),
    });
  const session = await open();
  const others: Session[] = [];
  return {
    session,
    url,
    source,
    dataDir,
    lines,
    stop: () => stopping.abort(),
    put(files) {
      mkdirSync(source, { recursive: true });
      for (const [name, bytes] of Object.entries(files)) {
        mkdirSync(dirname(join(source, name)), { recursive: true });
        writeFileSync(join(source, name), bytes);
      }
    },
    async import(maxBytes = 1 << 20, folder = "") {
      const tally = importTally();
      await importFolder(session, { source: resolve(source, folder), maxBytes }, tally);
      return tally;
    },
    rows: (statement) => session.query((sql: PoolSql) => sql.unsafe(statement)) as Promise<Row[]>,
    async other() {
      const another = await open();
      others.push(another);
      return another;
    },
    async close() {
      for (const another of others) await another.close();
      await session.close();
      await close();
      rmSync(base, { recursive: true });
    },
  };
}

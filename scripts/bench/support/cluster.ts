import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Account, serverAccount } from "../../../lib/database/embedded/account.ts";

/** Where the cluster of a test is made and run: `dir` in a temporary directory `base`, by `account`. */
export type ClusterHome = {
  readonly base: string;
  readonly dir: string;
  readonly account: Account | null;
  /** Kills what server still runs there and removes it all. It is done for us when we end, however that comes. */
  sweep(): Promise<void>;
};

/** A home for one cluster; its name begins with `prefix`. */
export function clusterHome(prefix: string): ClusterHome {
  const base = mkdtempSync(join(tmpdir(), prefix));
  const sweep = sweepAfterUs(base);
  chmodSync(base, 0o755);
  const dir = join(base, "postgres");
  return { base, dir, account: serverAccount(dir), sweep };
}

/** Removing fails while a server, or initdb, is still on its way out and writes. */
const SWEEP = `read -r _
kill -QUIT "$(head -n 1 "$1/postgres/postmaster.pid")"
for _ in $(seq 100); do rm -rf "$1" && break; sleep 0.1; done`;

/**
 * A shell that waits for our end (`bun test` runs no exit handlers, a kill -9 none at all), then sweeps `base`.
 * The function returned asks for it now.
 */
function sweepAfterUs(base: string): () => Promise<void> {
  const child = spawn("sh", ["-c", SWEEP, "sweep", base], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  child.unref();
  const ended = new Promise<void>((done) => child.on("exit", () => done()));
  return () => {
    child.stdin?.end();
    return ended;
  };
}

/** Settings of a server whose data need not outlive a power cut. */
export const FAST = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  shared_buffers: "32MB",
  max_connections: 200,
  autovacuum: "off",
  jit: "off",
} as const;

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === "string") throw new Error("Cannot find a free port");
  return address.port;
}

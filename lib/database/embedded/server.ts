import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { asAccount } from "./account.ts";
import {
  asOptions,
  type Cluster,
  diskFault,
  firstFault,
  SERVER_ENVIRONMENT,
  type Settings,
  serverPath,
} from "./cluster.ts";

/** A PostgreSQL at work on a cluster, started by us or found running. */
export type Server = {
  readonly pid: number;
  /** Settles when the server is gone, with its exit code where we are its parent. */
  readonly ended: Promise<number | null>;
  /** `fast` breaks off what is running and checkpoints; `immediate` is a crash with manners. Resolves when it is gone. */
  stop(mode?: "fast" | "immediate"): Promise<void>;
};

/** The server's socket within its cluster directory, the same name as everywhere: `.s.PGSQL.5432`. */
export const SOCKET_NAME = ".s.PGSQL.5432";

/** What makes the server private; not the owner's to change, so given on the command line. */
const PRIVATE: Settings = {
  listen_addresses: "",
  unix_socket_directories: ".", // in the cluster, closed to others; relative, so no path is too long for it
  unix_socket_permissions: "0777",
  port: 5432,
  logging_collector: "off",
};

/**
 * Starts a server on a cluster and resolves when it takes connections (about 50 ms; longer when it recovers from a crash).
 * It is put in a session of its own: Ctrl-C in the terminal is for the scripts. What it says goes to `logPath`.
 * `settings` go on the command line, above postgresql.conf.
 * @throws DatabaseError with the server's own reason
 */
export async function startServer(cluster: Cluster, logPath: string, settings: Settings = {}): Promise<Server> {
  const action = `Cannot start the embedded PostgreSQL in ${cluster.dir}`;
  try {
    await clearStalePid(cluster);
    return await launchedPast(() => launch(cluster, logPath, settings));
  } catch (error) {
    throw diskFault(error, action);
  }
}

/**
 * Starts again what waiting heals: backends outlive a killed postmaster by a moment, and PostgreSQL refuses to start beside
 * them; and a server may be killed while it starts.
 */
async function launchedPast(start: () => Promise<Server>): Promise<Server> {
  for (const end = performance.now() + PATIENCE_MS; ; await Bun.sleep(20)) {
    try {
      return await start();
    } catch (error) {
      const passing = error instanceof Error && /pre-existing shared memory block|^killed/.test(error.message);
      if (!passing || performance.now() > end) throw error;
    }
  }
}

async function launch(cluster: Cluster, logPath: string, settings: Settings): Promise<Server> {
  const from = sizeOf(logPath);
  const child = spawnServer(cluster, logPath, settings);
  const ended = endOf(child);
  const reason = () => `${firstFault(readFileSync(logPath).subarray(from).toString())}; see ${logPath}`;
  await ready(cluster, child, ended, reason);
  return running(child.pid ?? 0, ended);
}

/** The server that is running on this cluster already, if there is one that answers. */
export async function findServer(cluster: Cluster): Promise<Server | undefined> {
  if (!(await answers(cluster))) return undefined;
  const pid = pidFile(cluster)?.pid;
  if (pid === undefined) return undefined;
  return running(pid, untilGone(pid, cluster));
}

function spawnServer(cluster: Cluster, logPath: string, settings: Settings): ChildProcess {
  const log = openSync(logPath, "a", 0o600);
  try {
    const options = asOptions({ ...PRIVATE, ...settings });
    return spawn(cluster.binaries.postgres, ["-D", serverPath(cluster), ...options], {
      ...asAccount(cluster.account),
      cwd: cluster.dir,
      env: SERVER_ENVIRONMENT,
      stdio: ["ignore", log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("exit", (code) => done(code));
  });
}

/** Waits for the line in postmaster.pid that says `ready`, or for the server's end. */
async function ready(
  cluster: Cluster,
  child: ChildProcess,
  ended: Promise<unknown>,
  reason: () => string,
): Promise<void> {
  let over = false;
  const end = ended.finally(() => (over = true));
  end.catch(() => undefined);
  for (;;) {
    const found = pidFile(cluster);
    if (found && found.pid === child.pid && found.status === "ready") return;
    if (over) throw new Error((await end) === null ? `killed while it started; ${reason()}` : reason());
    await Promise.race([end, Bun.sleep(5)]);
  }
}

function running(pid: number, ended: Promise<number | null>): Server {
  return {
    pid,
    ended,
    async stop(mode = "fast") {
      signal(pid, mode === "fast" ? "SIGINT" : "SIGQUIT");
      await ended.catch(() => undefined);
    },
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

type PidFile = { readonly pid: number; readonly status: string };

/** postmaster.pid: line 1 the process id, line 8 the status (`starting`, `ready`, `stopping`). */
function pidFile(cluster: Cluster): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster.dir, "postmaster.pid"), "latin1").split("\n");
    return { pid: Number(lines[0]), status: (lines[7] ?? "").trim() };
  } catch {
    return undefined;
  }
}

/** True when a server listens on the cluster's socket: the kernel's word, which no stale file can give. */
function answers(cluster: Pick<Cluster, "dir">): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ path: join(cluster.dir, SOCKET_NAME) });
    const end = (answer: boolean) => {
      socket.destroy();
      done(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

/** Watches a server that is not our child. */
async function untilGone(pid: number, cluster: Cluster): Promise<null> {
  while (alive(pid) && inCluster(pid, cluster)) await Bun.sleep(50);
  return null;
}

/**
 * Removes a postmaster.pid (and the socket's lock file) whose server died without a word and whose number another process carries by now: PostgreSQL
 * itself only asks whether the number is alive. A server that is just going is waited for; one that answers is never touched
 * (its number means nothing here when it runs in another container).
 */
async function clearStalePid(cluster: Cluster): Promise<void> {
  const file = join(cluster.dir, "postmaster.pid");
  for (const end = performance.now() + LEAVING_MS; ; await Bun.sleep(20)) {
    const found = pidFile(cluster);
    if (!found) return;
    if (await answers(cluster)) throw new Error("another server is running there");
    if (!alive(found.pid)) return;
    if (!inCluster(found.pid, cluster)) break;
    if (performance.now() > end) throw new Error(`process ${found.pid} is still at work there, says ${file}`);
  }
  const stale = readdirSync(cluster.dir).filter((name) => /^(postmaster\.pid|\.s\.PGSQL\.\d+\.lock)$/.test(name));
  for (const name of stale) rmSync(join(cluster.dir, name), { force: true });
}

/** How long a server that is just going may take: its last checkpoint writes what it holds in memory. */
const LEAVING_MS = 60_000;

/** How long the remains of a dead server may take to go. */
const PATIENCE_MS = 10_000;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * True when this process is a server at work in the cluster's directory, as each of its processes is: its program is
 * PostgreSQL's and its user owns the cluster. The number may have come to another process since: of another user, or a
 * shell that stands in the folder. Where nobody can tell, assume that it is.
 */
function inCluster(pid: number, cluster: Cluster): boolean {
  if (process.platform !== "linux") return true;
  try {
    const here = statSync(cluster.dir);
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    const user = /^Uid:\t(\d+)/m.exec(status)?.[1];
    if (!/^Name:\tpost(gres|master)$/m.test(status) || Number(user) !== here.uid) return false;
    const there = statSync(`/proc/${pid}/cwd`);
    return there.ino === here.ino && there.dev === here.dev;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES";
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

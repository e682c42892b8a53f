/**
 * The keeper: a small process of its own that runs the server of one data directory for as long as a script wants it.
 * Scripts hold a connection to its socket; the kernel closes it however they end, and when the last is gone the keeper stops
 * the server and leaves. One keeper a directory, by a lock the kernel releases too. Started by `lease.ts` as
 * `bun keeper.ts <data directory>`; ends with KEEPER_BUSY when another keeper holds the lock.
 */

import { once } from "node:events";
import { chmodSync, chownSync, rmSync, statSync, truncateSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { DatabaseError } from "../faults/database-error.ts";
import { serverAccount } from "./account.ts";
import { prepareBinaries } from "./binaries.ts";
import { type Cluster, createCluster, inspectCluster, sweepAttempts, syncCluster } from "./cluster.ts";
import {
  CLUSTER_DIR,
  KEEPER_BUSY,
  KEEPER_LOCK,
  KEEPER_SOCKET,
  type KeeperMessage,
  SERVER_LOG,
} from "./keeper-protocol.ts";
import { takeLock } from "./lock.ts";
import { findServer, type Server, startServer } from "./server.ts";
import { LIBRARY_SETTINGS } from "./settings.ts";

/** A keeper whose starter died before it could connect does not wait for ever. */
const FIRST_CLIENT_MS = 10_000;

/** A server that ends by itself this often within RESTART_WINDOW_MS is left alone. */
const RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;

const [dataDir = ""] = process.argv.slice(2);
process.chdir(dataDir);
const logPath = join(dataDir, SERVER_LOG);
const clients = new Set<Socket>();
let state: KeeperMessage | undefined;
let server: Promise<Server> | undefined; // the one that runs, or is being started
let stopping = false;
const ends: number[] = [];

if (!takeLock(join(dataDir, KEEPER_LOCK))) process.exit(KEEPER_BUSY);
belongsToOwner(KEEPER_LOCK);
trimLog();
rmSync(KEEPER_SOCKET, { force: true });
const door = createServer(welcome).listen(KEEPER_SOCKET, () => {
  belongsToOwner(KEEPER_SOCKET);
  void open();
});
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => void leave());

function welcome(client: Socket): void {
  if (stopping) return void client.destroy(); // it asks again, at the next keeper's door
  clients.add(client);
  client.on("error", () => undefined);
  client.on("data", () => void goodbye(client)); // the only word a client says is that it leaves
  client.on("close", () => void goodbye(client));
  if (state) tell(client, state);
}

async function goodbye(client: Socket): Promise<void> {
  if (!clients.delete(client)) return;
  if (clients.size === 0 && state && "ready" in state)
    await leave(); // who leaves last waits for the stop
  else client.end();
}

function tell(client: Socket, message: KeeperMessage): void {
  client.write(`${JSON.stringify(message)}\n`);
}

function announce(message: KeeperMessage): void {
  state = message;
  for (const client of clients) tell(client, message);
}

async function open(): Promise<void> {
  try {
    const cluster = clusterOf();
    sweepAttempts(cluster.dir);
    const isNew = inspectCluster(cluster.dir, cluster.binaries.major) === "missing";
    if (isNew) await createCluster(cluster, LIBRARY_SETTINGS);
    const found = await findServer(cluster);
    server = found ? Promise.resolve(found) : startServer(cluster, logPath);
    void watch(cluster, await server);
    belongsToOwner(SERVER_LOG);
    announce({ ready: true, how: isNew ? "created" : found ? "adopted" : "started" });
    if (isNew) syncCluster(cluster).catch((error) => console.error(error));
    if (clients.size === 0) setTimeout(() => clients.size === 0 && leave(), FIRST_CLIENT_MS);
  } catch (error) {
    await giveUp(error);
  }
}

function clusterOf(): Cluster {
  const dir = join(dataDir, CLUSTER_DIR);
  const account = serverAccount(dir);
  return { dir, account, binaries: prepareBinaries(dataDir, account) };
}

/** Brings back a server that was killed or crashed under its clients; their pool waits for it. */
async function watch(cluster: Cluster, watched: Server): Promise<void> {
  await watched.ended;
  if (stopping) return;
  ends.push(performance.now());
  const recent = ends.filter((end) => end > performance.now() - RESTART_WINDOW_MS);
  try {
    if (recent.length > RESTARTS)
      throw new DatabaseError("start-failed", `The server in ${cluster.dir} keeps ending; see ${logPath}`);
    inspectCluster(cluster.dir, cluster.binaries.major);
    server = startServer(cluster, logPath);
    void watch(cluster, await server);
  } catch (error) {
    if (!stopping) await giveUp(error);
  }
}

async function giveUp(error: unknown): Promise<void> {
  console.error(error);
  const [code, text] =
    error instanceof DatabaseError ? [error.code, error.message] : (["start-failed", String(error)] as const);
  announce({ error: code, message: text });
  if (clients.size === 0) await Promise.race([once(door, "connection"), Bun.sleep(FIRST_CLIENT_MS)]);
  stopping = true;
  door.close();
  await Promise.all([...clients].map((client) => new Promise<void>((done) => client.end(() => done()))));
  rmSync(KEEPER_SOCKET, { force: true });
  process.exit(1);
}

async function leave(): Promise<void> {
  if (stopping) return;
  stopping = true;
  door.close(); // who comes from here on starts the next keeper
  rmSync(KEEPER_SOCKET, { force: true });
  await server?.then(
    (running) => running.stop(),
    () => undefined,
  );
  process.exit(0); // lets go of the lock and hangs up on the client that waits for the end
}

/** Under sudo the files of a user's data directory stay the user's. */
function belongsToOwner(name: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(".");
  chownSync(name, uid, gid);
  chmodSync(name, 0o600);
}

function trimLog(): void {
  try {
    if (statSync(logPath).size > 1_000_000) truncateSync(logPath);
  } catch {
    // no log yet
  }
}

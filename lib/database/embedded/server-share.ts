import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, realpathSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DatabaseError } from "../faults/database-error.ts";
import { diskFault } from "./cluster.ts";
import { CLUSTER_DIR, KEEPER_BUSY, KEEPER_SOCKET, type KeeperMessage, SERVER_LOG } from "./keeper-protocol.ts";
import { SOCKET_NAME } from "./server.ts";

/** A share in the embedded server of a data directory. */
export type ServerShare = {
  readonly dataDir: string;
  /** The server's socket, for connecting. */
  readonly path: string;
  readonly how: "created" | "started" | "adopted" | "joined";
  /** Why the server is gone for good, once it is. */
  fault(): DatabaseError | undefined;
  /** Gives the share back; the last one out waits until the server has stopped. Idempotent. */
  release(): Promise<void>;
};

/**
 * Takes a share in the data directory's server, which is made and started when needed (about 0.7 s the first time, 0.07 s after
 * that, on a quiet machine), and lasts until the last of its sharers releases it or dies. `onEvent` hears of a keeper that
 * died and was replaced.
 * @throws DatabaseError with one line for the user
 */
export async function shareServer(
  dataDir: string,
  onEvent: (text: string) => void = () => undefined,
): Promise<ServerShare> {
  if (process.platform === "win32") throw new DatabaseError("start-failed", NOT_ON_WINDOWS);
  const dir = makeDataDir(dataDir);
  const path = serverSocket(dir);
  let { socket, how } = await joinKeeper(dir);
  let released: Promise<void> | undefined;
  let fault: DatabaseError | undefined;
  const hold = () => {
    socket.unref();
    if (socket.destroyed) void rejoin();
    else socket.once("close", () => void rejoin());
  };
  const rejoin = async () => {
    if (released) return;
    onEvent("the embedded server's keeper is gone; starting another");
    try {
      ({ socket } = await joinKeeper(dir));
      if (released) return void socket.destroy();
      hold();
      onEvent("the embedded server's keeper is back");
    } catch (error) {
      fault = error instanceof DatabaseError ? error : new DatabaseError("start-failed", String(error), error);
      onEvent(fault.message);
    }
  };
  hold();
  return { dataDir: dir, path, how, fault: () => fault, release: () => (released ??= farewell(socket)) };
}

const NOT_ON_WINDOWS =
  "Cannot start the embedded PostgreSQL on Windows: it is reached by a Unix socket; name a server with --database or DATABASE_URL, or use WSL";

function makeDataDir(dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return realpathSync(resolve(dataDir));
  } catch (error) {
    throw diskFault(error, `Cannot make the data directory ${resolve(dataDir)} (--data-dir names another)`);
  }
}

/** sun_path without its closing zero on the BSDs and macOS. Linux has 107, but Bun gets past that there. */
const LONGEST_SOCKET = 103;

function serverSocket(dir: string): string {
  const path = join(dir, CLUSTER_DIR, SOCKET_NAME);
  const bytes = Buffer.byteLength(path);
  if (process.platform === "linux" || bytes <= LONGEST_SOCKET) return path;
  const text = `Cannot use the data directory ${dir}: ${path} has ${bytes} bytes, expected at most ${LONGEST_SOCKET} in the name of a socket`;
  throw new DatabaseError("unreachable", text);
}

type Joined = { socket: Socket; how: ServerShare["how"] };

/** A keeper starts listening within milliseconds, but its predecessor's last checkpoint may take this long. */
const PATIENCE_MS = 120_000;

async function joinKeeper(dir: string): Promise<Joined> {
  let keeper: Keeper | undefined;
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await Bun.sleep(10)) {
    const socket = await dial(dir);
    const message = socket && (await firstMessage(socket));
    if (socket && message && "ready" in message) return { socket, how: keeper?.alive() ? message.how : "joined" };
    socket?.destroy();
    if (message && "error" in message) throw new DatabaseError(message.error, message.message);
    if (keeper?.failed())
      throw new DatabaseError("start-failed", `Cannot start the embedded PostgreSQL: see ${join(dir, SERVER_LOG)}`);
    if (!keeper?.alive()) keeper = startKeeper(dir);
  }
  throw new DatabaseError("start-failed", `Cannot start the embedded PostgreSQL in ${dir}: its keeper does not answer`);
}

type Keeper = { alive(): boolean; failed(): boolean };

function startKeeper(dir: string): Keeper {
  const log = openLog(dir);
  const program = fileURLToPath(new URL("keeper.ts", import.meta.url));
  const child = spawn(process.execPath, ["--smol", "--no-env-file", program, dir], {
    cwd: dir,
    stdio: ["ignore", "ignore", log],
    detached: true,
  });
  child.unref();
  closeSync(log);
  const code = () => child.exitCode;
  return {
    alive: () => code() === null && child.signalCode === null,
    failed: () => code() !== null && code() !== 0 && code() !== KEEPER_BUSY,
  };
}

function openLog(dir: string): number {
  try {
    return openSync(join(dir, SERVER_LOG), "a", 0o600);
  } catch (error) {
    throw diskFault(error, `Cannot write to the data directory ${dir}`);
  }
}

function dial(dir: string): Promise<Socket | undefined> {
  return new Promise((done) => {
    const socket = connect({ path: join(dir, KEEPER_SOCKET) });
    socket.once("connect", () => done(socket));
    socket.once("error", () => done(undefined));
  });
}

/** The keeper's word, or nothing when it hangs up first (it was just leaving). */
function firstMessage(socket: Socket): Promise<KeeperMessage | undefined> {
  return new Promise((done) => {
    let text = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) done(JSON.parse(text.slice(0, text.indexOf("\n"))));
    });
    socket.once("close", () => done(undefined));
  });
}

async function farewell(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  socket.ref();
  const limit = setTimeout(() => socket.destroy(), PATIENCE_MS);
  const closed = new Promise((done) => socket.once("close", done));
  socket.write("bye\n");
  await closed;
  clearTimeout(limit);
}

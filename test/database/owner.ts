import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What an owner says first: where it is at work, or why not. */
export type Word = {
  readonly where?: string;
  readonly version?: string;
  readonly notes?: readonly string[];
  readonly steps?: number;
  readonly error?: string;
  readonly code?: string;
  readonly message?: string;
};

/** A script in a process of its own that holds the library of a data directory open. */
export type Owner = {
  readonly word: Promise<Word>;
  /** Lets it end in good order; resolves when the process has. */
  leave(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
};

const SCRIPT = fileURLToPath(new URL("owner-script.ts", import.meta.url));

export type OwnerOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
  /** Words put before the command: `setpriv ...`, `capsh ...`. */
  readonly through?: readonly string[];
  /** Another copy of owner-script.ts. */
  readonly script?: string;
};

/** Starts an owner of `dataDir`. */
export function startOwner(dataDir: string, options: OwnerOptions = {}): Owner {
  const { env, through = [], script = SCRIPT, ...account } = options;
  const [command = "", ...args] = [...through, process.execPath, script, dataDir];
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(command, args, { ...account, env: { ...inherited, ...env }, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((done) => child.on("close", () => done()));
  return {
    word: firstWord(child, ended),
    leave: async () => {
      child.stdin?.end();
      await ended;
    },
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

function firstWord(child: ChildProcess, ended: Promise<void>): Promise<Word> {
  return new Promise((done, failed) => {
    if (child.stdout) createInterface(child.stdout).once("line", (line) => done(JSON.parse(line)));
    child.on("error", failed);
    ended.then(() => failed(new Error("The owner ended without a word")));
  });
}

/** A fresh directory for a test's data, removed by `remove` together with whatever still runs in it. */
export function scratch(): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), "midiworks-data-"));
  const remove = () => {
    for (let pids = processesOf(dir); pids.length > 0; pids = processesOf(dir)) pids.forEach(killIfThere);
    rmSync(dir, { recursive: true, force: true });
  };
  return { dir, remove };
}

/** Fresh directories, which `removeAll` removes: for `afterEach`. */
export function scratches(): { freshDir(): string; removeAll(): void } {
  const made: { remove(): void }[] = [];
  return {
    freshDir() {
      const one = scratch();
      made.push(one);
      return one.dir;
    },
    removeAll() {
      for (const one of made.splice(0)) one.remove();
    },
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended by itself
  }
}

/** Linux: the processes whose working directory is in `dir`: the keeper, the server and its backends. */
function processesOf(dir: string): readonly number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => placeOf(pid).startsWith(dir)).map(Number);
}

function placeOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

/** The keeper's process: the one at work in the data directory itself. */
export function keeperOf(dataDir: string): number | undefined {
  return processesOf(dataDir).find((pid) => placeOf(String(pid)) === dataDir);
}

/** The postmaster's process id, as its pid file says; the file is gone for a moment when one follows another. */
export function postmasterOf(dataDir: string): number {
  const file = join(dataDir, "postgres", "postmaster.pid");
  return existsSync(file) ? Number.parseInt(readFileSync(file, "latin1"), 10) : 0;
}

/** Resolves when nothing runs in the directory any more. */
export async function deserted(dir: string): Promise<void> {
  while (processesOf(dir).length > 0) await Bun.sleep(5);
}

/** Copies a directory into another with its owners and modes, as a cluster needs. */
export function copyWithOwners(from: string, into: string): void {
  const run = spawnSync("cp", ["-a", from, into], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`Cannot copy ${from}: ${run.stderr}`);
}

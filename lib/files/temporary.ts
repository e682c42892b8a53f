import { lstatSync, readdirSync, rmSync } from "node:fs";
import { isAlive, ownIdentity } from "./process-identity.ts";

/*
 * Files and folders in the making stand beside their place under a name that tells whose they are, so that what a
 * killed process left can be removed as soon as the next one looks.
 */

const TEMPORARY = /^\.midiworks-([0-9a-f]{16})-(\d+)-(\w+)-[0-9a-f-]{36}\.tmp$/;
/** What another machine left is removed when it is older than this, in milliseconds. */
const STALE_MS = 3_600_000;

let prefix: string | undefined;

/** A name of this process's own for something in the making, never the same twice. */
export function temporaryName(): string {
  if (prefix === undefined) {
    const { machine, pid, started } = ownIdentity();
    prefix = `.midiworks-${hashOf(machine)}-${pid}-${started}`;
  }
  return `${prefix}-${crypto.randomUUID()}.tmp`;
}

/**
 * Removes what dead processes left in a folder and in the two-digit folders in it. What cannot be removed is left.
 * `beat` is called now and then: there may be many.
 */
export function tidy(folder: string, beat: () => void): void {
  removeDead(folder);
  for (const shelf of list(folder)) {
    beat();
    if (/^[0-9a-f]{2}$/.test(shelf)) removeDead(`${folder}/${shelf}`);
  }
}

function removeDead(folder: string): void {
  for (const name of list(folder)) {
    const [, machine, pid, started] = TEMPORARY.exec(name) ?? [];
    if (machine === undefined) continue;
    const path = `${folder}/${name}`;
    if (machine === hashOf(ownIdentity().machine)) {
      if (!isAlive({ machine, pid: Number(pid), started: started! })) remove(path);
    } else if (Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > STALE_MS)
      remove(path);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What cannot be removed is left: nothing of it stands under a final name. */
export function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {}
}

const hashOf = (machine: string) => Bun.hash(machine).toString(16).padStart(16, "0");

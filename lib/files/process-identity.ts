import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process, told apart from others of the same number: on other machines, in other containers, after a restart. */
export interface ProcessIdentity {
  readonly machine: string;
  readonly pid: number;
  /** When the process started, as the system says it; numbers are used again, moments are not. */
  readonly started: string;
}

/** Who this process is, so that others can tell whether it still lives. */
export function ownIdentity(): ProcessIdentity {
  return { machine: machineName(), pid: process.pid, started: startOf(process.pid) ?? "unknown" };
}

/** Whether the process of a run lives on this machine. Ask only about runs of `ownIdentity().machine`. */
export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const started = startOf(identity.pid);
  return started === null || identity.started === "unknown" || started === identity.started;
}

/** Host, boot and process namespace: where these agree, process numbers mean the same processes. */
function machineName(): string {
  return [hostname(), firstLine("/proc/sys/kernel/random/boot_id"), link("/proc/self/ns/pid")]
    .filter(Boolean)
    .join(" ");
}

/** Start of a process in clock ticks since boot: field 22 of /proc/PID/stat. Null where there is no /proc. */
function startOf(pid: number): string | null {
  const stat = firstLine(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, "utf8").split("\n")[0] ?? "";
  } catch {
    return "";
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Removing fails while a server is on its way out and writes. */
const SWEEP = `read -r _
for _ in $(seq 100); do rm -rf "$1" && break; sleep 0.1; done`;

/**
 * A folder for what a bench makes. A shell waits for our end, however that comes, and removes it: what a run leaves
 * stays until then, because ext4 searches long for inodes among those that were freed lately.
 */
export function scratchFolder(within = tmpdir()): string {
  const folder = mkdtempSync(join(within, "midiworks-bench-"));
  spawn("sh", ["-c", SWEEP, "sweep", folder], { stdio: ["pipe", "ignore", "ignore"], detached: true }).unref();
  return folder;
}

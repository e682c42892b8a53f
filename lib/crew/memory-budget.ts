import { readFileSync } from "node:fs";
import { totalmem } from "node:os";

/** How much memory a process may use, and what follows from it for the files it works on. */
export interface MemoryBudget {
  readonly bytes: number;
  readonly threads: number;
  /** Files up to this size are worked on side by side, one a thread; a larger one has the rest of the budget for itself. */
  readonly ordinaryBytes: number;
  /** Larger files than this would not fit: they are refused. */
  readonly largestBytes: number;
}

const MB = 2 ** 20;
/** What the process and each of its threads need before they work on anything, measured with Bun 1.4.5. */
const PROCESS_BYTES = 160 * MB;
const THREAD_BYTES = 80 * MB;
/**
 * Memory for a byte of a file, whatever is done to it. Measured at the peak: notes as dense as a file can hold them 8 to
 * check, 15 to analyse, 20 to split; nothing but changes of tempo 26 to analyse.
 */
const BYTES_PER_BYTE = 28;
/** Share of the budget for files that are worked on side by side. */
const ORDINARY_SHARE = 0.25;
/** Larger files than this are rare: they get a thread of their own, which is ended after them. */
const MOST_ORDINARY = 4 * MB;

/** The budget for `bytes` of memory on a machine with so many cores. */
export function memoryBudget(bytes: number, cores: number): MemoryBudget {
  const threads = Math.max(1, Math.min(cores, Math.floor((bytes / 2 - PROCESS_BYTES) / THREAD_BYTES)));
  const ordinary = (bytes * ORDINARY_SHARE) / threads / BYTES_PER_BYTE;
  const ordinaryBytes = Math.floor(Math.min(MOST_ORDINARY, ordinary));
  const idle = PROCESS_BYTES + threads * THREAD_BYTES;
  const rest = bytes - idle - threads * ordinaryBytes * BYTES_PER_BYTE - THREAD_BYTES;
  return { bytes, threads, ordinaryBytes, largestBytes: Math.max(ordinaryBytes, Math.floor(rest / BYTES_PER_BYTE)) };
}

/** Half of the memory of the machine, or of the control group the process is in. */
export function defaultMemory(): number {
  return Math.floor(Math.min(totalmem(), groupLimit()) / 2);
}

/** The limit of the control group, of version 2 or 1 (Linux). */
function groupLimit(): number {
  for (const path of ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]) {
    try {
      const limit = Number(readFileSync(path, "utf8"));
      if (limit > 0) return limit;
    } catch {}
  }
  return Number.POSITIVE_INFINITY;
}

/** Why a file does not fit. */
export function tooLargeForMemory(size: number, { bytes }: MemoryBudget): string {
  const needed = Math.ceil((size * BYTES_PER_BYTE) / MB);
  return `${size} bytes need up to ${needed} MB of memory beside the rest, more than the ${Math.floor(bytes / MB)} MB of --memory leave`;
}

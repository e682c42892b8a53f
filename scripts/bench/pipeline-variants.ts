import { cpus } from "node:os";
import type { Report } from "../../lib/phases/report.ts";

export type Phase = "import" | "analysis" | "split";

export interface Variant {
  readonly name: string;
  /** Phases that run one after the other on the same library, or side by side; the time is that of all of them. */
  readonly steps: readonly (readonly Phase[])[];
  readonly workers: number;
  /** N + 2 connections and nothing else: no prewarm, no ping, no keepalive. */
  readonly plainPool?: boolean;
  /** Files or contents in hand at once, in every phase. */
  readonly batch?: number;
  /** On a server reached over TCP instead of the embedded one. */
  readonly byUrl?: boolean;
}

/** One run of a variant. */
export interface Run {
  readonly seconds: number;
  readonly reports: readonly Report[];
}

const ALL: readonly Phase[] = ["import", "analysis", "split"];
const cores = Math.max(2, cpus().length);
const alone = { steps: ALL.map((phase) => [phase]), workers: cores };
const together = { steps: [ALL], workers: cores };

export const ALONE = "one phase after the other";
export const ALONE_PLAIN = `${ALONE}, plain pool`;
export const TOGETHER = "side by side";
export const TOGETHER_PLAIN = `${TOGETHER}, plain pool`;

export const VARIANTS: readonly Variant[] = [
  { name: ALONE, ...alone },
  { name: ALONE_PLAIN, ...alone, plainPool: true },
  { name: TOGETHER, ...together },
  { name: TOGETHER_PLAIN, ...together, plainPool: true },
  ...[1, 4, 8, 32].map((workers) => ({ name: `${TOGETHER}, --workers ${workers}`, ...together, workers })),
  ...[1, 8, 512].map((batch) => ({ name: `${TOGETHER}, batches of ${batch}`, ...together, batch })),
  { name: `${TOGETHER}, server by URL`, ...together, byUrl: true },
];

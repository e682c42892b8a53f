import { poolLine, startupLines } from "../pool.ts";
import type { Workshop } from "./workshop.ts";

/** The three lines a run starts with: what it is connected to and by what settings. */
export function poolLines(shop: Workshop): readonly string[] {
  return startupLines(shop.pool.stats());
}

/** The pool at this moment: `Pool: 10 total, 2 idle, 8 active (workers busy)`. */
export function poolNow(shop: Workshop): string {
  return poolLine(shop.pool.stats());
}

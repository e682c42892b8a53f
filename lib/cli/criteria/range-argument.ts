import type { Range } from "../../library/search.ts";
import { UsageError } from "../script.ts";

/** A range as people write it: "118-124", "120-" (at least), "-90" (at most), "120" (within `slack` of it). */
export function parseRange(flag: string, text: string, slack = 0, read: (text: string) => number = Number): Range {
  const [, from, dash, to] = /^([\d.:]*)(-?)([\d.:]*)$/.exec(text.trim()) ?? [];
  const least = from ? read(from) : null;
  const most = to ? read(to) : null;
  const ordered = least === null || most === null || least <= most;
  if ((!from && !to) || Number.isNaN(least) || Number.isNaN(most) || !ordered) {
    throw new UsageError(`--${flag} is "${text}", expected a number or a range such as 60-90, 60- or -90`);
  }
  return dash ? { least, most } : { least: least! - slack, most: least! + slack };
}

/** Seconds from "90", "1:30" or "1:02:03". */
export function parseSeconds(text: string): number {
  return text.split(":").reduce((sum, part) => sum * 60 + (part === "" ? Number.NaN : Number(part)), 0);
}

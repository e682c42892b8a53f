import type { ContentItem } from "../files/content-bytes.ts";
import type { Analysed } from "./analyze-content.ts";
import type { CheckedFile, CheckItem, CheckLimits } from "./check-file.ts";
import type { Drawn } from "./draw-content.ts";
import type { SplitContext, SplitResult } from "./split-content.ts";
import type { Studied } from "./study-content.ts";
import type { UnpackContext, Unpacked, UnpackItem } from "./unpack-archive.ts";

/** One kind of work for the threads: what is worked on, what a batch of it has in common, what comes of each. */
export interface JobType<Item, Context, Result> {
  readonly item: Item;
  readonly context: Context;
  readonly result: Result;
}

/** Where the bytes of archives' members are kept, and how large they may be. */
type KeepContext = Omit<UnpackContext, "sniff" | "checkedBytes">;

/** What the threads can do, by name. All of it passes between threads: plain data, typed arrays, no functions. */
export interface JobMap {
  /** Reads, hashes and checks a file. */
  readonly check: JobType<CheckItem, CheckLimits, CheckedFile>;
  /** Says of a file that hung or ended a thread what is known of it without reading its music. */
  readonly reject: JobType<CheckItem, CheckLimits & { readonly reason: string }, CheckedFile>;
  /** Checks the MIDI files in an archive and keeps their bytes. */
  readonly unpack: JobType<UnpackItem, UnpackContext, Unpacked>;
  readonly analyze: JobType<ContentItem, KeepContext, Analysed>;
  readonly split: JobType<ContentItem, SplitContext & KeepContext, SplitResult>;
  /** Analyses a file by its path; the result is a line of JSON, see `analyzeFileJson`. */
  readonly analyzeFile: JobType<string, null, string>;
  /** A small picture of a content's notes. */
  readonly draw: JobType<ContentItem, { readonly maxBytes: number }, Drawn>;
  /** A content for a person to look at and to listen to. */
  readonly study: JobType<ContentItem, { readonly maxBytes: number; readonly path: string }, Studied>;
  /** Removes what dead processes left half made in a folder. */
  readonly tidy: JobType<{ readonly folder: string }, null, null>;
  /** The same in the store of parts at `out`. */
  readonly tidyParts: JobType<{ readonly out: string }, null, null>;
}

/** Any such map: the crew knows none of the jobs by name. */
export type AnyJobMap<M> = { readonly [K in keyof M]: JobType<unknown, unknown, unknown> };

/** The functions behind a map. `beat` says that a long item still moves: the time limit of an item counts from there. */
export type Jobs<M extends AnyJobMap<M>> = {
  readonly [K in keyof M]: (
    item: M[K]["item"],
    context: M[K]["context"],
    beat: () => void,
  ) => M[K]["result"] | Promise<M[K]["result"]>;
};

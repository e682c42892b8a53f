import type { AnyJobMap } from "../jobs/job-map.ts";

/** A batch for a thread: items of one job, with what they have in common in `context`. */
export interface BatchMessage<M extends AnyJobMap<M>, K extends keyof M> {
  readonly job: K;
  readonly items: readonly M[K]["item"][];
  readonly context: M[K]["context"];
  /** Shared with the thread, see `Progress`. */
  readonly progress: Int32Array;
}

/** What stands where in `progress`: what the crew sees of a thread while it works, and how it tells it to stop. */
export const Progress = {
  /** The number of the item in work. */
  item: 0,
  /** Set to 1 to stop before the next item. */
  stop: 1,
  /** Changes while a long item moves. */
  beat: 2,
} as const;

export interface BatchAnswer<R> {
  /** One per item worked on; fewer than the items after a stop. */
  readonly results: R[];
  /** Milliseconds at work. */
  readonly busyMs: number;
  readonly error?: ThrownError;
}

/** An error as it passes between threads. */
export interface ThrownError {
  readonly message: string;
  readonly stack: string | undefined;
  /** Its message is one line that says all to a person. */
  readonly forPeople: boolean;
}

import type { ThrownError } from "./batch.ts";

/** A job that threw: the run can't go on (no room to write, or a fault of the program). */
export class JobFailed extends Error {
  override readonly name = "JobFailed";
  /** Whether what was thrown in the thread is meant for people. */
  readonly forPeople: boolean;

  constructor({ message, stack, forPeople }: ThrownError) {
    super(message);
    this.forPeople = forPeople;
    if (stack) this.stack = stack;
  }
}

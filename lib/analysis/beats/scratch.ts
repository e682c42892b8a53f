import { type BeatNetwork, createBeatNetwork } from "./network.ts";
import { BeatTracker } from "./track-beats.ts";

/** What the family of the beats keeps from file to file. */
export interface BeatsScratch {
  /** Made when the first performance asks for it: it takes a few milliseconds. */
  readonly network: BeatNetwork;
  readonly tracker: BeatTracker;
}

export function createBeatsScratch(): BeatsScratch {
  let network: BeatNetwork | undefined;
  return {
    get network() {
      return (network ??= createBeatNetwork());
    },
    tracker: new BeatTracker(),
  };
}

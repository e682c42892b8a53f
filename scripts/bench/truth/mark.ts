/** One judgement of one piece against what is known of it. */
export interface Mark {
  /** What is judged: "key", "beat F". */
  readonly what: string;
  /** 0 to 1: right or wrong, or the share that is right. Null when the analysis says nothing, which counts as 0. */
  readonly score: number | null;
  /** What a trivial guess scores on this piece; without one, `truth` tells what always saying the same would. */
  readonly trivial?: number;
  /** The answer, for the guess that always says the collection's commonest. */
  readonly truth?: string;
}

/** A confidence that was said, and whether the thing was right. */
export interface Said {
  readonly what: string;
  readonly confidence: number;
  /** 0 to 1. */
  readonly right: number;
  /** How much it counts: 1, or seconds. */
  readonly weight: number;
}

export interface Marks {
  readonly marks: readonly Mark[];
  readonly said: readonly Said[];
}

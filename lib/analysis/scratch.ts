/**
 * The buffers that the steps write into while they work on one file, a family each. They belong to one analyser, so two
 * analysers in one thread do not disturb each other. What stands in them holds until the same analyser's next file.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the families add theirs.
export interface Scratch {}

export function createScratch(): Scratch {
  return {};
}

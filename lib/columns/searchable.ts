import type { ANALYSIS_COLUMNS } from "./analyses.ts";

/** A column of `analyses` that a search asks for by a flag of its own. */
export interface Searchable {
  readonly column: (typeof ANALYSIS_COLUMNS)[number]["name"];
  /** `range`: numbers from and to; `seconds`: the same as minutes and seconds; `yes-no`: a boolean. */
  readonly kind: "range" | "seconds" | "yes-no";
  readonly about: string;
}

/**
 * What can be searched by a range or by yes and no, under the names of the flags. An entry is all there is to do: the
 * flag, its usage, and the condition follow. Tempo, key, meter, names and words have meanings of their own and stand in
 * lib/cli/criteria.
 */
export const SEARCHABLE = {
  duration: {
    column: "duration_seconds",
    kind: "seconds",
    about: "Length in seconds or minutes: 30-60, 2:00-3:30, -10",
  },
  notes: { column: "note_count", kind: "range", about: "Number of notes: 100-, 16-64" },
  polyphony: { column: "polyphony_max", kind: "range", about: "Most notes at once: 1, 4-" },
  drums: { column: "has_drums", kind: "yes-no", about: "With drums, or without" },
  performed: { column: "performed", kind: "yes-no", about: "Played by hand, or written on the grid" },
  loop: { column: "loop_bars", kind: "range", about: "Loops of so many bars: 4, 2-8 or any" },
} as const satisfies Readonly<Record<string, Searchable>>;

export type SearchableFlag = keyof typeof SEARCHABLE;

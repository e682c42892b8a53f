/**
 * Everything the analysis says about one file: plain data, JSON-able as it stands, units in the names.
 * `null` means "no answer", never zero. `FIELDS` in fields.ts describes every name for readers.
 */
export interface Features {
  /** Version of the analyser that said this; results of a lower one are stale. */
  readonly analyzerVersion: number;
  readonly format: number;
  /** Whether the reader had to repair the file, and what. */
  readonly status: "ok" | "repaired";
  readonly repairs: readonly { readonly code: string; readonly count: number }[];
  /** Seconds from the start to the latest End of Track, by the file's own tempo map. */
  readonly durationSeconds: number;
  readonly performed: null;
  readonly tempo: null;
  readonly beats: null;
  readonly meter: null;
  readonly rhythm: null;
  readonly key: null;
  readonly chords: null;
  readonly notes: { readonly count: number };
}

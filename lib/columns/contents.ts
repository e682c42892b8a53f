import { columnsFrom, type RowOf } from "./column.ts";

/** What the first reading of a file says of its bytes. */
export interface ReadContent {
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  readonly status: "ok" | "repaired" | "rejected";
  readonly error: string | null;
  readonly repairs: readonly { readonly code: string; readonly count: number }[];
  readonly format: number | null;
  readonly ticksPerQuarter: number | null;
  readonly smpte: string | null;
  readonly trackCount: number | null;
  readonly noteCount: number | null;
  readonly voiceCount: number | null;
}

/** The columns of `contents` that the import fills; the others are states of the phases. `sha256` is its key. */
export const CONTENT_COLUMNS = columnsFrom<ReadContent>()(
  { name: "sha256", type: "bytea", from: (c) => c.sha256, about: "SHA-256 of the bytes" },
  { name: "size", type: "bigint", from: (c) => c.size, about: "bytes" },
  { name: "status", type: "content_status", from: (c) => c.status, about: "ok, repaired or rejected" },
  { name: "error", type: "text", from: (c) => c.error, about: "why it was rejected, one line" },
  {
    name: "repairs",
    type: "jsonb",
    from: (c) => (c.repairs.length > 0 ? c.repairs : null),
    about: "what was repaired, as a list of code and count",
  },
  { name: "format", type: "smallint", from: (c) => c.format, about: "SMF format: 0, 1 or 2" },
  { name: "ticks_per_quarter", type: "integer", from: (c) => c.ticksPerQuarter, about: "the header's division" },
  { name: "smpte", type: "text", from: (c) => c.smpte, about: '"25x40": frames a second, ticks a frame' },
  { name: "track_count", type: "integer", from: (c) => c.trackCount, about: "MTrk chunks" },
  { name: "note_count", type: "integer", from: (c) => c.noteCount, about: "notes" },
  { name: "voice_count", type: "integer", from: (c) => c.voiceCount, about: "(track, channel) pairs that hold notes" },
);

/** A row for `contents`; `sha256` in hex. */
export type ContentRow = RowOf<typeof CONTENT_COLUMNS>;

import { columnsFrom } from "./column.ts";

/** A part that is stored. */
export interface StoredPart {
  /** From 1. */
  readonly number: number;
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  /** Where it stands in the store, "/" between folders. */
  readonly path: string;
  readonly track: number;
  /** 0 to 15, null where a track that sounds on several channels is one part. */
  readonly channel: number | null;
  readonly name: string | null;
  readonly program: number | null;
  readonly drum: boolean;
  readonly noteCount: number;
}

/** The columns of `parts` besides `content_id`. `number` is the rest of its key. */
export const PART_COLUMNS = columnsFrom<StoredPart>()(
  { name: "number", type: "smallint", from: (p) => p.number, about: "number of the part, from 1" },
  { name: "sha256", type: "bytea", from: (p) => p.sha256, about: "SHA-256 of the part's bytes" },
  { name: "size", type: "bigint", from: (p) => p.size, about: "bytes" },
  { name: "path", type: "text", from: (p) => p.path, about: "where it stands in the folder of parts" },
  { name: "track", type: "integer", from: (p) => p.track, about: "the source's track, from 0" },
  { name: "channel", type: "smallint", from: (p) => p.channel, about: "0 to 15; null: several" },
  { name: "name", type: "text", from: (p) => p.name, about: "the track's name" },
  { name: "program", type: "smallint", from: (p) => p.program, about: "its first program" },
  { name: "drum", type: "boolean", from: (p) => p.drum, about: "whether it is a drum kit" },
  { name: "note_count", type: "integer", from: (p) => p.noteCount, about: "notes" },
);

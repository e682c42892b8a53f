import { columnsFrom, type RowOf } from "./column.ts";

/** What an import found at a place. */
export interface FoundPlace {
  readonly path: string;
  readonly member: string;
  readonly size: number;
  readonly modifiedUs: number;
  /** The number the file system knows the file by; null for members of archives. */
  readonly inode: number | null;
  /** Hex; null when the bytes could not be had. */
  readonly sha256: string | null;
  /** Why not, one line. */
  readonly error: string | null;
  readonly archive: boolean;
  readonly nameBpm: number | null;
  readonly nameKey: string | null;
  readonly tags: readonly string[];
}

/** The columns of `files` that come as they are; `root_id`, `state` and `content_id` are found out by the statement. */
export const FILE_COLUMNS = columnsFrom<FoundPlace>()(
  { name: "path", type: "text", from: (f) => f.path, about: 'relative to the root, "/" between folders' },
  { name: "member", type: "text", from: (f) => f.member, about: 'path inside an archive, "" for the file itself' },
  { name: "size", type: "bigint", from: (f) => f.size, about: "bytes" },
  { name: "modified_us", type: "bigint", from: (f) => f.modifiedUs, about: "microseconds since 1970" },
  {
    name: "inode",
    type: "bigint",
    from: (f) => f.inode,
    about: "the file system's number of the file, alike for links",
  },
  { name: "error", type: "text", from: (f) => f.error, about: "why it could not be read, one line" },
  { name: "name_bpm", type: "real", from: (f) => f.nameBpm, about: "tempo that the path says" },
  { name: "name_key", type: "text", from: (f) => f.nameKey, about: "key that the path says" },
  {
    name: "tags",
    type: "text[]",
    from: (f) => (f.tags.length > 0 ? f.tags : null),
    about: "words of the trade in the path",
  },
);

/** What the statement needs besides: the content's hash, and whether it is an archive. */
export const FOUND_COLUMNS = columnsFrom<FoundPlace>()(
  ...FILE_COLUMNS,
  { name: "sha256", type: "bytea", from: (f) => f.sha256, about: "SHA-256 of the content" },
  { name: "archive", type: "boolean", from: (f) => f.archive, about: "whether it is an archive" },
);

/** A row for `files`; `sha256` in hex. */
export type FoundRow = RowOf<typeof FOUND_COLUMNS>;

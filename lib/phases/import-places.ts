import { rowOf } from "../columns/column.ts";
import { CONTENT_COLUMNS, type ContentRow } from "../columns/contents.ts";
import { FOUND_COLUMNS, type FoundRow } from "../columns/files.ts";
import type { KnownFile } from "../database/files.ts";
import type { Checked, CheckedFile } from "../jobs/check-file.ts";

/** A file or archive that the walk came upon and that is to be read: new, or changed since the library saw it. */
export interface SeenFile {
  /** Where it stands on this machine. */
  readonly file: string;
  /** Where it stands in the library: relative to the root, see path-text.ts. */
  readonly path: string;
  readonly size: number;
  readonly modifiedUs: number;
  readonly inode: number;
  /** What the library knows of the place. */
  readonly known: KnownFile | null;
}

/** A place that was read. */
export interface ReadPlace {
  readonly seen: SeenFile;
  /** Path inside an archive, "" for the file itself. */
  readonly member: string;
  readonly checked: CheckedFile;
}

/** A place whose file the system keeps back, but which the library knows: what it knows may still hold. */
export function isKept({ seen: { known }, member, checked }: ReadPlace): boolean {
  return checked.withheld && member === "" && known !== null && known.state !== "unreadable";
}

/** The place as `files` holds it. What could not be read keeps what the walk saw of it. */
export function fileRow({ seen, member, checked }: ReadPlace): FoundRow {
  const read = checked.sha256 !== null;
  return rowOf(FOUND_COLUMNS, {
    path: seen.path,
    member,
    size: read || member !== "" ? checked.size : seen.size,
    modifiedUs: read || member !== "" ? checked.modifiedUs : seen.modifiedUs,
    inode: member === "" && seen.inode > 0 ? seen.inode : null,
    sha256: checked.sha256,
    error: read ? null : checked.error,
    archive: false,
    nameBpm: checked.nameBpm,
    nameKey: checked.nameKey,
    tags: checked.tags,
  });
}

/** Its content as `contents` holds it; null when its bytes could not be had. */
export function contentRow(checked: Checked): ContentRow | null {
  const { sha256, status } = checked;
  return sha256 === null || status === null ? null : rowOf(CONTENT_COLUMNS, { ...checked, sha256, status });
}

import { createCrew, type Outcome } from "../crew/crew.ts";
import { type CatalogPiece, catalogPieces } from "../database/catalog.ts";
import { copiesHeld, type FailedPlace, failedPlaces } from "../database/failures.ts";
import { bytesPlaces, nearPieces, type PieceRecord, pieceRecord } from "../database/piece.ts";
import { type ContentItem, NoBytes, openContent } from "../files/content-bytes.ts";
import { storedPath } from "../files/content-store.ts";
import type { Study } from "../jobs/study-content.ts";
import { type Catalog, createCatalog } from "./catalog/catalog.ts";
import type { Library } from "./open-library.ts";
import type { Roots } from "./roots.ts";
import { type Status, takeStatus } from "./status.ts";

export type { CatalogPiece } from "../database/catalog.ts";
export type { FailedPlace } from "../database/failures.ts";
export type { PieceRecord } from "../database/piece.ts";
export type { Study } from "../jobs/study-content.ts";
export type { Status } from "./status.ts";

/** A library that is looked at, for as long as a person likes. It changes nothing there. Paths are those of this machine. */
export interface BrowsedLibrary {
  /** For a person to read. */
  readonly where: string;
  readonly dataDir: string;
  readonly catalog: Catalog;
  /** What is known of these pieces, in this order; those that are gone are left out. */
  pieces(ids: readonly number[]): Promise<CatalogPiece[]>;
  piece(id: number): Promise<PieceRecord | null>;
  /** Pieces of the same notes or the same tune, and the same piece in other hands. */
  near(id: number): Promise<(CatalogPiece & { readonly same: "notes" | "tune" | "piece" })[]>;
  /** The notes, beats and words of a piece, or why there are none. */
  study(id: number, stop: AbortSignal): Promise<Study | { readonly error: string } | null>;
  /** Small pictures of pieces, in this order; null where there are no bytes. */
  pictures(ids: readonly number[], stop: AbortSignal): Promise<(Uint8Array | null)[]>;
  /** The bytes of a piece as they lie at one of its places, under the name they have there; null for what is no piece. */
  bytes(
    id: number,
  ): Promise<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> } | { readonly error: string } | null>;
  status(): Promise<Status>;
  copies(): Promise<{ readonly contents: number; readonly copies: number; readonly bytes: number }>;
  failures(phase: string, reason: string, from: number, most: number): Promise<FailedPlace[]>;
  close(): void;
}

/** A content with the name it has among people and where its bytes may be, best first. */
interface Source extends ContentItem {
  /** As the library names its place: with the member of an archive after "!/". */
  readonly path: string | null;
}

/** Larger files are not opened for a page. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_NEAR = 50;
const NOWHERE = "its file is at none of its places any more";

/** Closing it leaves the library open. */
export function browseLibrary(library: Library): BrowsedLibrary {
  const { pool, roots, dataDir } = library;
  const crew = createCrew({ threads: 2 });
  const catalog = createCatalog(pool);

  const sources = async (ids: readonly number[]): Promise<Source[]> => {
    const rows = await pool.run((sql) => bytesPlaces(sql, ids));
    return rows.map((row) => sourceOf(row, roots, dataDir));
  };
  const pieces = async (ids: readonly number[]) =>
    (await pool.run((sql) => catalogPieces(sql, ids))).map((row) => onThisMachine(row, roots, dataDir));

  return {
    where: library.where,
    dataDir,
    catalog,
    pieces,
    async bytes(id) {
      const [item] = await sources([id]);
      if (!item) return null;
      try {
        // Copied: the next file is read into the same buffer.
        return { name: item.name, bytes: openContent(item, MOST_BYTES).slice() };
      } catch (error) {
        if (!(error instanceof NoBytes)) throw error;
        return { error: error.missing ? NOWHERE : error.message };
      }
    },
    piece: async (id) => {
      const record = await pool.run((sql) => pieceRecord(sql, id));
      return (
        record && { ...record, places: record.places.map((place) => ({ ...place, root: roots.here(place.root) })) }
      );
    },
    async near(id) {
      const others = await pool.run((sql) => nearPieces(sql, id, MOST_NEAR));
      const same = new Map(others.map((other) => [other.id, other.same]));
      return (await pieces([...same.keys()])).map((row) => ({ ...row, same: same.get(row.id)! }));
    },
    async study(id, stop) {
      const [item] = await sources([id]);
      if (!item) return null;
      const context = { maxBytes: MOST_BYTES, path: item.path ?? item.name };
      const [end] = await crew.run("study", [item], context, stop);
      const found = told(end!);
      if ("study" in found) return found.study;
      return {
        error: "missing" in found && found.missing ? NOWHERE : found.error,
      };
    },
    async pictures(ids, stop) {
      const items = await sources(ids);
      const ends = await crew.run("draw", items, { maxBytes: MOST_BYTES }, stop);
      const drawn = new Map(
        ends.map((end, i) => {
          const found = told(end);
          return [items[i]!.id, "picture" in found ? found.picture : null] as const;
        }),
      );
      return ids.map((id) => drawn.get(id) ?? null);
    },
    status: () => takeStatus(library),
    copies: () => pool.run(copiesHeld),
    failures: async (phase, reason, from, most) =>
      (await pool.run((sql) => failedPlaces(sql, phase, reason, from, most))).map((row) => ({
        ...row,
        path: row.path && roots.here(row.path),
      })),
    close: () => crew.close(),
  };
}

const told = <R extends object>(end: Outcome<R>): R | { readonly error: string } => {
  if ("result" in end) return end.result;
  return { error: "lost" in end ? end.lost : "stopped" };
};

function sourceOf(
  row: {
    readonly id: number;
    readonly sha256: string;
    readonly places: readonly { root: string; path: string; member: string }[];
  },
  roots: Roots,
  dataDir: string,
): Source {
  const [first] = row.places;
  const paths = row.places.map(({ root, path, member }) =>
    member === "" ? `${roots.here(root)}/${path}` : storedPath(dataDir, row.sha256),
  );
  const name = first ? (first.member || first.path).split("/").at(-1)! : `${row.sha256.slice(0, 16)}.mid`;
  const path = first ? `${roots.here(first.root)}/${first.path}${first.member && `!/${first.member}`}` : null;
  return { id: row.id, sha256: row.sha256, paths, name, archives: [], path };
}

/** Paths of this machine; what lies in an archive has its bytes kept by the library. */
function onThisMachine(row: CatalogPiece, roots: Roots, dataDir: string): CatalogPiece {
  const file = row.member === null ? roots.here(row.file) : storedPath(dataDir, row.sha256);
  return { ...row, path: roots.here(row.path), file };
}

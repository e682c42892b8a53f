import { csvLine } from "../../cli/text/csv.ts";
import type { BrowsedLibrary, CatalogPiece } from "../../library/browse.ts";
import type { Facets } from "../../library/catalog/catalog.ts";
import { asked, idList } from "./address.ts";
import { NoAnswer, streamed } from "./reply.ts";

/** Part of a list of pieces. */
export interface PiecesPage {
  /** Pieces that meet the criteria. */
  readonly total: number;
  /** Pieces in the library. */
  readonly library: number;
  readonly from: number;
  readonly pieces: readonly CatalogPiece[];
}

export interface FacetsAnswer {
  readonly total: number;
  readonly library: number;
  readonly readAt: Date;
  readonly facets: Facets;
}

const MOST_ROWS = 500;
const MOST_PICTURES = 100;

/** The numbers of the pieces that an address asks for, in its order. */
export async function idsAsked(library: BrowsedLibrary, query: URLSearchParams): Promise<ArrayLike<number>> {
  const { criteria, order, reverse, ids } = asked(query);
  return ids ?? (await (await library.catalog.view()).find(criteria, order, reverse));
}

async function piecesPage(library: BrowsedLibrary, query: URLSearchParams): Promise<PiecesPage> {
  const { from, count } = asked(query);
  const ids = await idsAsked(library, query);
  const wanted = Array.prototype.slice.call(ids, from, from + Math.min(count ?? MOST_ROWS, MOST_ROWS)) as number[];
  return {
    total: ids.length,
    library: (await library.catalog.view()).count,
    from,
    pieces: wanted.length > 0 ? await library.pieces(wanted) : [],
  };
}

export async function facetsAnswer(library: BrowsedLibrary, query: URLSearchParams): Promise<FacetsAnswer> {
  const { criteria, order, reverse } = asked(query);
  const view = await library.catalog.view();
  const [facets, found] = await Promise.all([view.facets(criteria), view.find(criteria, order, reverse)]);
  return { total: found.length, library: view.count, readAt: view.readAt, facets };
}

/** All pieces of an address, page by page, or the part it names. */
export async function* allPieces(library: BrowsedLibrary, query: URLSearchParams): AsyncGenerator<CatalogPiece[]> {
  const { from, count } = asked(query);
  const ids = await idsAsked(library, query);
  const end = count === null ? ids.length : Math.min(ids.length, from + count);
  for (let at = from; at < end; at += MOST_ROWS) {
    yield await library.pieces(Array.prototype.slice.call(ids, at, Math.min(end, at + MOST_ROWS)) as number[]);
  }
}

/** The pieces of an address as one JSON document of the same form as a page of it. */
export async function piecesJson(library: BrowsedLibrary, query: URLSearchParams): Promise<Response> {
  const { count } = asked(query);
  if (count !== null && count <= MOST_ROWS) return Response.json(await piecesPage(library, query));
  const ids = await idsAsked(library, query);
  const head = { total: ids.length, library: (await library.catalog.view()).count, from: asked(query).from };
  return streamed(
    "application/json",
    (async function* () {
      yield `${JSON.stringify(head).slice(0, -1)},"pieces":[`;
      let first = true;
      for await (const page of allPieces(library, query)) {
        if (page.length === 0) continue;
        yield `${first ? "" : ","}${page.map((piece) => JSON.stringify(piece)).join(",\n")}`;
        first = false;
      }
      yield "]}\n";
    })(),
  );
}

const CSV_COLUMNS = [
  ...(["id", "path", "title", "tempo", "key", "meter", "duration", "bars", "loop_bars", "notes", "drums"] as const),
  ...(["performed", "instruments", "families", "chords", "tags", "tempo_confidence", "key_confidence"] as const),
  ...(["meter_confidence", "repaired", "copies", "size", "sha256", "file"] as const),
] as const;

export function piecesCsv(library: BrowsedLibrary, query: URLSearchParams): Response {
  asked(query);
  return streamed(
    "text/csv; charset=utf-8",
    (async function* () {
      yield csvLine(CSV_COLUMNS);
      for await (const page of allPieces(library, query)) yield page.map((piece) => csvLine(csvCells(piece))).join("");
    })(),
  );
}

function csvCells(piece: CatalogPiece): string[] {
  return CSV_COLUMNS.map((name) => {
    const value = piece[name];
    return value === null ? "" : Array.isArray(value) ? value.join("; ") : `${value}`;
  });
}

/** Small pictures of pieces one after the other; one of 255s stands where there is none. */
export async function picturesAnswer(
  library: BrowsedLibrary,
  query: URLSearchParams,
  stop: AbortSignal,
): Promise<Response> {
  const ids = idList(query.get("ids") ?? "");
  if (ids.length > MOST_PICTURES)
    throw new NoAnswer(400, `${ids.length} pictures are asked for, expected ${MOST_PICTURES} at most`);
  const pictures = await library.pictures(ids, stop);
  const none = new Uint8Array(PICTURE_BYTES).fill(255);
  const bytes = Buffer.concat(pictures.map((picture) => picture ?? none));
  return new Response(bytes, { headers: { "Content-Type": "application/octet-stream" } });
}

const PICTURE_BYTES = 96 * 20;

import { readFileSync, realpathSync } from "node:fs";
import type { BrowsedLibrary, CatalogPiece, PieceRecord, Study } from "../../library/browse.ts";
import { attachment, NoAnswer } from "./reply.ts";

/** All that the library holds of a piece. */
export interface PieceAnswer extends PieceRecord {
  /** null for what could not be analysed. */
  readonly piece: CatalogPiece | null;
  readonly near: readonly (CatalogPiece & { readonly same: "notes" | "tune" | "piece" })[];
}

export async function pieceAnswer(library: BrowsedLibrary, id: number): Promise<PieceAnswer> {
  const [record, [piece], near] = await Promise.all([library.piece(id), library.pieces([id]), library.near(id)]);
  if (!record) throw new NoAnswer(404, `the library has no piece ${id}`);
  return { ...record, piece: piece ?? null, near };
}

/** What stands before the columns of a study, as JSON. */
export interface StudyHead extends Omit<Study, "notes" | "controls" | "beats"> {
  readonly noteCount: number;
  readonly controlCount: number;
  /** -1 where no beats are known. */
  readonly beatCount: number;
}

/**
 * A study as bytes: the length of the head (4 bytes, little-endian), the head, then the columns, each from a multiple of
 * 8 on: start, end, pitch, velocity, voice of the notes; seconds, port, status, data1, data2 of the controls; seconds and
 * downbeats.
 */
export async function studyAnswer(library: BrowsedLibrary, id: number, stop: AbortSignal): Promise<Response> {
  const found = await library.study(id, stop);
  if (found === null) throw new NoAnswer(404, `the library has no piece ${id}`);
  if ("error" in found) throw new NoAnswer(410, `Cannot open the piece: ${found.error}`);
  const { notes, controls, beats, ...rest } = found;
  const head: StudyHead = {
    ...rest,
    noteCount: notes.count,
    controlCount: controls.count,
    beatCount: beats?.seconds.length ?? -1,
  };
  const columns: ArrayBufferView[] = [notes.start, notes.end, notes.pitch, notes.velocity, notes.voice];
  columns.push(controls.seconds, controls.port, controls.status, controls.data1, controls.data2);
  if (beats) columns.push(beats.seconds, beats.downbeat);
  return new Response(packed(JSON.stringify(head), columns), {
    headers: { "Content-Type": "application/octet-stream" },
  });
}

function packed(head: string, columns: readonly ArrayBufferView[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(head.toWellFormed());
  const up = (at: number) => Math.ceil(at / 8) * 8;
  const size = columns.reduce((at, column) => up(at) + column.byteLength, 4 + text.length);
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  let at = 4 + text.length;
  for (const column of columns) {
    at = up(at);
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return bytes;
}

const MIDI_TYPE = { "Content-Type": "audio/midi" };

/** The bytes of a piece as they lie at one of its places. */
export async function fileAnswer(library: BrowsedLibrary, id: number): Promise<Response> {
  const file = await library.bytes(id);
  if (file === null) throw new NoAnswer(404, `the library has no piece ${id}`);
  if ("error" in file) throw new NoAnswer(410, `Cannot open the piece: ${file.error}`);
  return new Response(file.bytes, { headers: { ...MIDI_TYPE, ...attachment(file.name) } });
}

/** A part of a piece, from the folder of parts alone. */
export async function partAnswer(
  library: BrowsedLibrary,
  folder: string,
  id: number,
  number: number,
): Promise<Response> {
  const record = await library.piece(id);
  const part = record?.parts.find((each) => each.number === number);
  if (!part) throw new NoAnswer(404, `piece ${id} has no part ${number}`);
  try {
    const path = realpathSync(`${folder}/${part.path}`);
    if (!path.startsWith(`${realpathSync(folder)}/`))
      throw new NoAnswer(403, "the part lies outside the folder of parts");
    const bytes = readFileSync(path);
    if (new Bun.CryptoHasher("sha256").update(bytes).digest("hex") !== part.sha256) {
      throw new NoAnswer(410, "the part is not there as it was cut: split again to have it back");
    }
    return new Response(bytes, { headers: { ...MIDI_TYPE, ...attachment(part.path.split("/").at(-1)!) } });
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer(410, `Cannot open the part: nothing at ${folder}/${part.path}, expected a file; see --parts`);
  }
}

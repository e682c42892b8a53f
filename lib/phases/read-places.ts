import type { Outcome } from "../crew/crew.ts";
import { type CheckedFile, pathFacts, unreadable } from "../jobs/check-file.ts";
import type { Unpacked } from "../jobs/unpack-archive.ts";
import { requireFolder } from "../library/roots.ts";
import type { ReadPlace, SeenFile } from "./import-places.ts";
import type { Session } from "./session.ts";

export interface ReadOptions {
  /** The folder that is imported, on this machine. */
  readonly source: string;
  /** Larger files are not read. */
  readonly maxBytes: number;
  /** Take files of any name that begin as MIDI files do. */
  readonly sniff?: boolean;
}

/** Reads files in a thread; those not begun before a stop are left out. Throws `SourceMissing` when the source is gone. */
export async function readFiles(
  session: Session,
  { source, maxBytes }: ReadOptions,
  batch: readonly SeenFile[],
): Promise<ReadPlace[]> {
  const items = batch.map(({ file }) => ({ path: file }));
  const outcomes = await session.crew.run("check", items, { maxBytes }, session.stop);
  const places: ReadPlace[] = [];
  for (const [i, first] of outcomes.entries()) {
    const seen = batch[i]!;
    const outcome = "lost" in first ? await rejectFile(session, seen, maxBytes, first.lost) : first;
    if ("skipped" in outcome) continue;
    const checked = "result" in outcome ? outcome.result : unreadFile(seen.file, outcome.lost);
    places.push({ seen, member: "", checked });
  }
  if (places.some(({ checked }) => checked.sha256 === null)) requireFolder(source);
  return places;
}

/** A file that hung or ended its thread, alone too, is rejected by its bytes: it costs threads once, not in every run. */
async function rejectFile(
  { crew, stop }: Session,
  { file }: SeenFile,
  maxBytes: number,
  reason: string,
): Promise<Outcome<CheckedFile>> {
  const [outcome] = await crew.run("reject", [{ path: file }], { maxBytes, reason }, stop);
  return outcome!;
}

/** Reads an archive in a thread; null when it was not begun before a stop. */
export async function readArchive(
  { crew, stop, dataDir }: Session,
  { source, maxBytes, sniff = false }: ReadOptions,
  { file }: SeenFile,
): Promise<Unpacked | null> {
  const [outcome] = await crew.run("unpack", [{ path: file }], { maxBytes, sniff, dataDir }, stop);
  if (!outcome || "skipped" in outcome) return null;
  if ("lost" in outcome) return { members: [], passed: [], damages: [], error: outcome.lost, unreadable: false };
  if (outcome.result.unreadable) requireFolder(source);
  return outcome.result;
}

/** What is said of a file whose bytes could not be had. */
export function unreadFile(path: string, reason: string): CheckedFile {
  return { ...unreadable(reason), ...pathFacts(path) };
}

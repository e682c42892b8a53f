import type { Outcome } from "../crew/crew.ts";
import { type CheckedFile, pathFacts, unreadable } from "../jobs/check-file.ts";
import type { Unpacked } from "../jobs/unpack-archive.ts";
import { requireFolder } from "../library/roots.ts";
import type { ReadPlace, SeenFile } from "./import-places.ts";
import { runWithinMemory } from "./run-within-memory.ts";
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
  const items = batch.map(({ file, size }) => ({ item: { path: file }, size }));
  const outcomes = await runWithinMemory(session, "check", items, { maxBytes });
  const places: ReadPlace[] = [];
  for (const [i, first] of outcomes.entries()) {
    const seen = batch[i]!;
    const outcome = "lost" in first ? await rejectFile(session, seen, maxBytes, first.lost) : first;
    if ("skipped" in outcome) continue;
    const checked = "result" in outcome ? outcome.result : unreadFile(seen.file, whyNot(outcome));
    places.push({ seen, member: "", checked });
  }
  if (places.some(({ checked }) => checked.sha256 === null)) requireFolder(source);
  return places;
}

const whyNot = (outcome: { readonly lost: string } | { readonly refused: string }) =>
  "lost" in outcome ? outcome.lost : outcome.refused;

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

/** Reads an archive in a thread; null when it was not begun before a stop. Large members are checked by themselves. */
export async function readArchive(
  session: Session,
  { source, maxBytes, sniff = false }: ReadOptions,
  { file }: SeenFile,
): Promise<Unpacked | null> {
  const { crew, stop, dataDir, memory } = session;
  const context = { maxBytes, sniff, dataDir, checkedBytes: memory.ordinaryBytes };
  const [outcome] = await crew.run("unpack", [{ path: file }], context, stop);
  if (!outcome || "skipped" in outcome) return null;
  if ("lost" in outcome) return { members: [], passed: [], damages: [], error: outcome.lost, unreadable: false };
  const { result } = outcome;
  if (result.unreadable) requireFolder(source);
  const members: Unpacked["members"][number][] = [];
  for (const member of result.members) {
    const { name, checked, keptAt } = member;
    if (keptAt === null) members.push(member);
    else {
      const [found] = await runWithinMemory(session, "check", [{ item: { path: keptAt }, size: checked.size }], {
        maxBytes,
      });
      if (!found || "skipped" in found) return null;
      const { nameBpm, nameKey, tags, modifiedUs, size } = checked;
      const said = "result" in found ? found.result : { ...unreadable(whyNot(found)), size };
      members.push({ name, checked: { ...said, modifiedUs, nameBpm, nameKey, tags }, keptAt: null });
    }
  }
  return { ...result, members };
}

/** What is said of a file whose bytes could not be had. */
export function unreadFile(path: string, reason: string): CheckedFile {
  return { ...unreadable(reason), ...pathFacts(path) };
}

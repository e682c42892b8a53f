import { archiveMembers } from "../files/archives/archive-members.ts";
import { BadArchive } from "../files/archives/bad-archive.ts";
import type { Member } from "../files/archives/member.ts";
import { storeContent } from "../files/content-store.ts";
import { PassedOver, type PassedOverKind } from "../files/passed-over.ts";
import { UnreadableFile } from "../files/read-file.ts";
import { type CheckedFile, checkBytes, pathFacts, unreadable } from "./check-file.ts";

/** An archive to read. `path` is absolute. */
export interface UnpackItem {
  readonly path: string;
}

export interface UnpackContext {
  readonly maxBytes: number;
  /** Take members of any name that begin as MIDI files do. */
  readonly sniff: boolean;
  /** Where the members' bytes are kept. */
  readonly dataDir: string;
}

/** What stands in an archive, or why it was refused. */
export interface Unpacked {
  readonly members: readonly { readonly name: string; readonly checked: CheckedFile }[];
  /** What is neither a MIDI file nor an archive. */
  readonly passed: readonly PassedOverKind[];
  /** What is damaged, though the rest was read; a line each. */
  readonly damages: readonly string[];
  /** One line; null when the archive was read to its end. */
  readonly error: string | null;
  /** The system failed, not the archive: another time it may be read. */
  readonly unreadable: boolean;
}

/** Checks every MIDI file in an archive and keeps its bytes. Never throws on account of the archive. */
export async function unpack(item: UnpackItem, context: UnpackContext, beat: () => void): Promise<Unpacked> {
  const { maxBytes, sniff, dataDir } = context;
  const members = new Map<string, CheckedFile>();
  const passed = new PassedOver();
  const damages: string[] = [];
  const found = (error: string | null, unreadable: boolean): Unpacked => ({
    members: Array.from(members, ([name, checked]) => ({ name, checked })),
    passed: passed.kinds(),
    damages,
    error,
    unreadable,
  });
  const options = {
    maxBytes,
    sniff,
    passed: (name: string) => passed.add(name, `${item.path}: ${name}`),
    damaged: (fault: string) => void damages.push(fault),
    beat,
  };
  try {
    for await (const member of archiveMembers(item.path, options)) {
      members.set(member.name, checkedMember(item.path, member, members, dataDir));
    }
    return found(null, false);
  } catch (error) {
    if (!(error instanceof BadArchive || error instanceof UnreadableFile)) throw error;
    return found(error.message, error instanceof UnreadableFile);
  }
}

/** Checks one member; a link is what it leads to. */
function checkedMember(
  path: string,
  { name, modifiedUs, size, bytes, error, sameAs }: Member,
  others: ReadonlyMap<string, CheckedFile>,
  dataDir: string,
): CheckedFile {
  const facts = pathFacts(`${path}/${name}`);
  const linked = sameAs === null ? undefined : others.get(sameAs);
  if (linked) return { ...linked, modifiedUs, ...facts };
  if (bytes === null) return { ...unreadable(error ?? ""), size, modifiedUs, ...facts };
  const checked = { ...checkBytes(bytes), modifiedUs, ...facts };
  if (checked.sha256 && checked.status !== "rejected") storeContent(dataDir, checked.sha256, bytes);
  return checked;
}

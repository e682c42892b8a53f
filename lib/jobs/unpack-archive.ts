import { archiveMembers } from "../files/archives/archive-members.ts";
import { BadArchive } from "../files/archives/bad-archive.ts";
import type { Member } from "../files/archives/member.ts";
import { storeContent, storedPath } from "../files/content-store.ts";
import { PassedOver, type PassedOverKind } from "../files/passed-over.ts";
import { UnreadableFile } from "../files/read-file.ts";
import { sha256 } from "../files/sha256.ts";
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
  /** Larger members are kept, but not checked: that takes more memory than a thread has. */
  readonly checkedBytes: number;
}

/** A member of an archive. */
export interface UnpackedMember {
  readonly name: string;
  readonly checked: CheckedFile;
  /** Where the bytes of a member stand that is still to be checked; null for others. */
  readonly keptAt: string | null;
}

/** What stands in an archive, or why it was refused. */
export interface Unpacked {
  readonly members: readonly UnpackedMember[];
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
  const { maxBytes, sniff } = context;
  const members = new Map<string, UnpackedMember>();
  const passed = new PassedOver();
  const damages: string[] = [];
  const found = (error: string | null, unreadable: boolean): Unpacked => ({
    members: [...members.values()],
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
      members.set(member.name, unpackedMember(item.path, member, members, context));
    }
    return found(null, false);
  } catch (error) {
    if (!(error instanceof BadArchive || error instanceof UnreadableFile)) throw error;
    return found(error.message, error instanceof UnreadableFile);
  }
}

/** Checks one member; a link is what it leads to. */
function unpackedMember(
  path: string,
  { name, modifiedUs, size, bytes, error, sameAs }: Member,
  others: ReadonlyMap<string, UnpackedMember>,
  { dataDir, checkedBytes }: UnpackContext,
): UnpackedMember {
  const facts = pathFacts(`${path}/${name}`);
  const linked = sameAs === null ? undefined : others.get(sameAs);
  if (linked) return { ...linked, name, checked: { ...linked.checked, modifiedUs, ...facts } };
  if (bytes === null) {
    return { name, checked: { ...unreadable(error ?? ""), size, modifiedUs, ...facts }, keptAt: null };
  }
  if (bytes.length > checkedBytes) {
    const hash = sha256(bytes);
    storeContent(dataDir, hash, bytes);
    const checked = { ...unreadable("not checked yet"), size: bytes.length, modifiedUs, ...facts };
    return { name, checked, keptAt: storedPath(dataDir, hash) };
  }
  const checked = { ...checkBytes(bytes), modifiedUs, ...facts };
  if (checked.sha256 && checked.status !== "rejected") storeContent(dataDir, checked.sha256, bytes);
  return { name, checked, keptAt: null };
}

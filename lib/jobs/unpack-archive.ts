import { archiveMembers, BadArchive } from "../files/archive.ts";
import { storeContent } from "../files/content-store.ts";
import { UnreadableFile } from "../files/read-file.ts";
import { type CheckedFile, checkBytes, pathFacts, unreadable } from "./check-file.ts";

/** An archive to read. `path` is absolute. */
export interface UnpackItem {
  readonly path: string;
}

export interface UnpackContext {
  readonly maxBytes: number;
  /** Where the members' bytes are kept. */
  readonly dataDir: string;
}

/** What stands in an archive, or why it was refused. */
export interface Unpacked {
  readonly members: readonly { readonly name: string; readonly checked: CheckedFile }[];
  /** One line; null when the archive was read to its end. */
  readonly error: string | null;
  /** The system failed, not the archive: another time it may be read. */
  readonly unreadable: boolean;
}

/** Checks every MIDI file in an archive and keeps its bytes. Never throws on account of the archive. */
export async function unpack(
  item: UnpackItem,
  { maxBytes, dataDir }: UnpackContext,
  beat: () => void,
): Promise<Unpacked> {
  const members: { name: string; checked: CheckedFile }[] = [];
  try {
    for await (const { name, modifiedUs, bytes, error, size } of archiveMembers(item.path, { maxBytes })) {
      beat();
      const facts = pathFacts(`${item.path}/${name}`);
      if (bytes === null) {
        members.push({ name, checked: { ...unreadable(error ?? ""), size, modifiedUs, ...facts } });
        continue;
      }
      const checked = { ...checkBytes(bytes), modifiedUs, ...facts };
      if (checked.sha256 && checked.status !== "rejected") storeContent(dataDir, checked.sha256, bytes);
      members.push({ name, checked });
    }
    return { members, error: null, unreadable: false };
  } catch (error) {
    if (!(error instanceof BadArchive || error instanceof UnreadableFile)) throw error;
    return { members, error: error.message, unreadable: error instanceof UnreadableFile };
  }
}

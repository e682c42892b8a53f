import { insertContents, reviveContents } from "../database/contents.ts";
import { isDataFault } from "../database/faults/faults.ts";
import { markMembersGone, type StoredFolder, upsertFiles } from "../database/files.ts";
import type { Unpacked } from "../jobs/unpack-archive.ts";
import { contentRow, fileRow, type ReadPlace, type SeenFile } from "./import-places.ts";
import { unreadFile } from "./read-places.ts";
import type { Session } from "./session.ts";
import { storeEach } from "./store-each.ts";

/** What became of places that were to be stored. */
export interface StoredPlaces {
  /** Those that are stored, some of them as unreadable because the server refused what was found there. */
  readonly places: readonly ReadPlace[];
  /** Hashes of the contents that are new in the library. */
  readonly fresh: ReadonlySet<string>;
  /** Those that the library cannot name: not even the path can be stored. */
  readonly refused: readonly { readonly place: ReadPlace; readonly reason: string }[];
}

/** Stores places and their contents in one transaction; a place whose data the server refuses costs only itself. */
export async function storePlaces(
  session: Session,
  folder: StoredFolder,
  places: readonly ReadPlace[],
): Promise<StoredPlaces> {
  const stored: ReadPlace[] = [];
  const fresh = new Set<string>();
  const refused: { place: ReadPlace; reason: string }[] = [];
  const store = async (some: readonly ReadPlace[]) => {
    for (const hash of await storeTogether(session, folder, some)) fresh.add(hash);
    stored.push(...some);
  };
  await storeEach(places, store, async (place, reason) => {
    const asUnreadable = { ...place, checked: refusedFile(place, reason) };
    await storeEach([asUnreadable], store, async () => void refused.push({ place, reason }));
  });
  return { places: stored, fresh, refused };
}

async function storeTogether(session: Session, folder: StoredFolder, places: readonly ReadPlace[]): Promise<string[]> {
  const contents = places.flatMap(({ checked }) => contentRow(checked) ?? []);
  return await session.transact(async (sql) => {
    const inserted = await insertContents(sql, contents);
    const written = await upsertFiles(sql, folder.root, places.map(fileRow));
    if (inserted.length < contents.length) await reviveContents(sql, written);
    return inserted;
  });
}

/** What is said of a place whose data the server refused: nothing that came from the file. */
function refusedFile({ seen, checked }: ReadPlace, reason: string) {
  const { size, modifiedUs } = checked.sha256 === null ? seen : checked;
  return { ...unreadFile("", reason), size, modifiedUs };
}

/**
 * Stores an archive itself, when its members are stored: a run that ends in between reads it again. Answers with the
 * reason when the library cannot name it.
 */
export async function storeArchive(
  session: Session,
  folder: StoredFolder,
  seen: SeenFile,
  { members, error, unreadable }: Unpacked,
): Promise<string | null> {
  const names = members.map(({ name }) => name);
  const read = { seen, member: "", checked: unreadFile(seen.file, error ?? "") };
  const row = { ...fileRow(read), error, archive: !unreadable };
  try {
    await session.transact(async (sql) => {
      if (!unreadable) await markMembersGone(sql, folder.root, seen.path, names);
      await upsertFiles(sql, folder.root, [row]);
    });
    return null;
  } catch (fault) {
    if (!isDataFault(fault)) throw fault;
    return `cannot be stored: ${(fault as Error).message}`;
  }
}

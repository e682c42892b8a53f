import { insertContents, reviveContents } from "../database/contents.ts";
import { markMembersGone, type StoredFolder, upsertFiles } from "../database/files.ts";
import type { Unpacked } from "../jobs/unpack-archive.ts";
import { contentRow, fileRow, type ReadPlace, type SeenFile } from "./import-places.ts";
import { unreadFile } from "./read-places.ts";
import type { Session } from "./session.ts";

/** Stores places and their contents. Answers with the hashes of the contents that are new in the library. */
export async function storePlaces(
  session: Session,
  folder: StoredFolder,
  places: readonly ReadPlace[],
): Promise<ReadonlySet<string>> {
  const contents = places.flatMap(({ checked }) => contentRow(checked) ?? []);
  const files = places.map(fileRow);
  const fresh = await session.transact(async (sql) => {
    const inserted = await insertContents(sql, contents);
    const written = await upsertFiles(sql, folder.root, files);
    if (inserted.length < contents.length) await reviveContents(sql, written);
    return inserted;
  });
  return new Set(fresh);
}

/** Stores an archive itself, when its members are stored: a run that ends in between reads it again. */
export async function storeArchive(
  session: Session,
  folder: StoredFolder,
  seen: SeenFile,
  { members, error, unreadable }: Unpacked,
): Promise<void> {
  const names = members.map(({ name }) => name);
  const row = {
    ...fileRow({ seen, member: "", checked: unreadFile(seen.file, error ?? "") }),
    error,
    archive: !unreadable,
  };
  await session.transact(async (sql) => {
    if (!unreadable) await markMembersGone(sql, folder.root, seen.path, names);
    await upsertFiles(sql, folder.root, [row]);
  });
}

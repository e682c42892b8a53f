import type { StoredFolder } from "../database/files.ts";
import { noteMissing, otherRoots, sharedContents } from "../database/roots.ts";
import { ownIdentity } from "../files/process-identity.ts";
import { isMissing } from "../files/walk.ts";
import type { Session } from "./session.ts";

/**
 * After an import: notes which other folders of this machine are not there any more, so that what only they hold twins
 * of does not count as a duplicate, and says so where the folder just imported holds their files.
 */
export async function warnOfMovedRoots(session: Session, folder: StoredFolder, source: string): Promise<void> {
  const roots = await session.query((sql) => otherRoots(sql, folder.root, ownIdentity().machine));
  if (roots.length === 0) return;
  const missing = roots.filter(({ path }) => isMissing(session.roots.here(path)));
  const there = roots.filter((root) => !missing.includes(root));
  const ids = (some: typeof roots) => some.map(({ id }) => id);
  await session.query((sql) => noteMissing(sql, ids(missing), ids(there)));
  for (const { id, path } of missing) {
    const shared = await session.query((sql) => sharedContents(sql, folder, id));
    if (shared === 0) continue;
    session.warn(
      `${shared} files of ${source} are known from ${path}, which is not there; if it moved: bun scripts/roots.ts move "${path}" "${source}"`,
    );
  }
}

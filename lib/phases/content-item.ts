import type { Claimed } from "../database/claims.ts";
import { NO_PLACE } from "../database/contents.ts";
import type { ContentItem } from "../files/content-bytes.ts";
import { storedPath } from "../files/content-store.ts";
import { requireFolder } from "../library/roots.ts";
import type { Session } from "./session.ts";

/** A claimed content as the threads take it: its places as paths of this machine. */
export function contentItem(session: Session, content: Claimed): ContentItem {
  const paths = content.places.map(({ root, path, member }) =>
    member === "" ? `${session.roots.here(root)}/${path}` : storedPath(session.dataDir, content.sha256),
  );
  const archives = content.places
    .filter(({ member }) => member !== "")
    .map(({ root, path }) => `${session.roots.here(root)}/${path}`);
  const { member = "", path = "" } = content.places[0] ?? {};
  const name = (member || path).split("/").at(-1)!;
  return { id: content.id, sha256: content.sha256, paths, name, archives };
}

/**
 * What to say of a content whose work brought an error. When its bytes are missing because a whole source folder is
 * (an unmounted disk), that is no fault of the content: throws `SourceMissing`.
 */
export function judgeMissing(
  session: Session,
  content: Claimed,
  result: { readonly error: string; readonly missing: boolean },
): { failure: string } {
  if (!result.missing) return { failure: result.error };
  for (const { root } of content.places) requireFolder(session.roots.here(root));
  return { failure: NO_PLACE };
}

import type { Claimed } from "../database/claims.ts";
import { NO_PLACE } from "../database/contents.ts";
import { storedPath } from "../threads/content-store.ts";
import type { ContentItem } from "../threads/open-content.ts";
import { requireFolder } from "./roots.ts";
import type { Workshop } from "./workshop.ts";

/** A claimed content as the threads take it: its places as paths of this machine. */
export function contentItem(shop: Workshop, content: Claimed): ContentItem {
  const paths = content.places.map(({ root, path, member }) =>
    member === "" ? `${shop.roots.here(root)}/${path}` : storedPath(shop.dataDir, content.sha256),
  );
  const archives = content.places
    .filter(({ member }) => member !== "")
    .map(({ root, path }) => `${shop.roots.here(root)}/${path}`);
  const { member = "", path = "" } = content.places[0] ?? {};
  const name = (member || path).split("/").at(-1)!;
  return { id: content.id, sha256: content.sha256, paths, name, archives };
}

/**
 * What to say of a content whose work brought an error. When its bytes are missing because a whole source folder is
 * (an unmounted disk), that is no fault of the content: throws `SourceMissing`.
 */
export function judgeMissing(
  shop: Workshop,
  content: Claimed,
  result: { readonly error: string; readonly missing: boolean },
): { failure: string } {
  if (!result.missing) return { failure: result.error };
  for (const { root } of content.places) requireFolder(shop.roots.here(root));
  return { failure: NO_PLACE };
}

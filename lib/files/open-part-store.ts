import type { PartStore } from "./part-store.ts";
import { partsFolder } from "./parts-folder.ts";

/** The store that `place` names: a folder of this machine. */
export function openPartStore(place: string): PartStore {
  return partsFolder(place);
}

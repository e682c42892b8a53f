import { type Look, look } from "../threads/look.ts";

/** Looks at the files one after the other, in the order given. */
export function* show(paths: Iterable<string>): Generator<Look> {
  for (const path of paths) yield look(path);
}

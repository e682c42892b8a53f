import { type Look, look } from "../threads/look.ts";
import { showPage } from "./show-page.ts";

export interface ShowOptions {
  /** One JSON object a line instead of a page a file. */
  readonly json: boolean;
  readonly stop: AbortSignal;
  /** Takes the text of one file; waited for, so that a slow reader slows the work and not fills the memory. */
  write(text: string): Promise<void> | undefined;
}

export interface Shown {
  readonly files: number;
  readonly unreadable: number;
}

/** Looks at the files one after the other, in the order given. A file that cannot be read is said where its turn is. */
export async function show(paths: readonly string[], options: ShowOptions): Promise<Shown> {
  let [files, unreadable] = [0, 0];
  for (const path of paths) {
    if (options.stop.aborted) break;
    const said: Look = look(path);
    files++;
    if ("error" in said) unreadable++;
    await options.write(options.json ? `${JSON.stringify(said)}\n` : showPage(said));
  }
  return { files, unreadable };
}

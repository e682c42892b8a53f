import { analyzeFile } from "./analyze-file.ts";

/** What makes a file the same music as another, see the analysis of identity; or why it can't be read. */
export type Identified =
  | { readonly notesHash: string | null; readonly tuneHash: string | null }
  | { readonly error: string };

/** The identity of the music in a file. */
export function identify(path: string): Identified {
  const said = analyzeFile(path);
  return "error" in said ? { error: said.error } : said.identity;
}

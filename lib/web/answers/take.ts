import { makeZip } from "client-zip";
import type { BrowsedLibrary } from "../../library/browse.ts";
import { allPieces, idsAsked } from "./library.ts";
import { attachment, streamed } from "./reply.ts";

const AT_A_TIME = 50;

/** The files of pieces as a ZIP archive, made while it is read. What cannot be opened is named in a text at its end. */
export async function zipAnswer(library: BrowsedLibrary, query: URLSearchParams): Promise<Response> {
  const ids = await idsAsked(library, query);
  const body = makeZip(zipMembers(library, ids));
  return new Response(body, { headers: { "Content-Type": "application/zip", ...attachment("midiworks.zip") } });
}

async function* zipMembers(library: BrowsedLibrary, ids: ArrayLike<number>) {
  const names = new Set<string>();
  const left: string[] = [];
  for (let at = 0; at < ids.length; at += AT_A_TIME) {
    for (const id of Array.prototype.slice.call(ids, at, at + AT_A_TIME) as number[]) {
      const file = await library.bytes(id);
      if (file === null || "error" in file) left.push(`${id}\t${file?.error ?? "not in the library any more"}\n`);
      else yield { name: freeName(file.name, names), input: file.bytes };
    }
  }
  if (left.length > 0) yield { name: "not included.txt", input: left.join("") };
}

/** Two songs of one name are "song.mid" and "song (2).mid"; names that differ in case only count as one. */
function freeName(wanted: string, taken: Set<string>): string {
  const name = wanted.replaceAll(/[\p{Cc}/\\:*?"<>|\uf700-\uf7ff]/gu, "_").replace(/^\.+/, "_");
  const [, stem, extension] = /^(.*?)(\.[^.]*)?$/s.exec(name) as unknown as [string, string, string | undefined];
  let free = name;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${stem} (${n})${extension ?? ""}`;
  taken.add(free.toLowerCase());
  return free;
}

/** The files of pieces, one a line. */
export function pathsAnswer(library: BrowsedLibrary, query: URLSearchParams): Response {
  return streamed(
    "text/plain; charset=utf-8",
    (async function* () {
      for await (const page of allPieces(library, query)) yield page.map(({ file }) => `${oneLine(file)}\n`).join("");
    })(),
  );
}

/** A playlist (extended M3U in UTF-8): seconds and title before each file. */
export function playlistAnswer(library: BrowsedLibrary, query: URLSearchParams): Response {
  return streamed(
    "audio/x-mpegurl; charset=utf-8",
    (async function* () {
      yield "#EXTM3U\n";
      for await (const page of allPieces(library, query)) {
        yield page
          .map(
            ({ duration, title, file }) =>
              `#EXTINF:${Math.round(duration ?? -1)},${oneLine(title)}\n${oneLine(file)}\n`,
          )
          .join("");
      }
    })(),
    "midiworks.m3u8",
  );
}

const oneLine = (text: string) => text.replaceAll(/[\r\n\0]/g, " ");

import { pathText } from "../path-text.ts";
import { wholeNumber } from "../walk.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { Entries } from "./open-entries.ts";
import { tarEntries } from "./tar-entries.ts";

/** The files and links in a tar archive, in the order of the archive. */
export async function* tarFiles(reader: ByteReader, damaged: (fault: string) => void): Entries {
  for await (const { name, kind, target, size, modified, read } of tarEntries(reader, damaged)) {
    yield {
      name: pathText(name),
      kind,
      target: pathText(target),
      size: wholeNumber(size),
      modifiedUs: wholeNumber(modified * 1e6),
      async read() {
        const bytes = await read();
        if (bytes === null) throw new Error("cannot unpack: a sparse file");
        return bytes;
      },
    };
  }
}

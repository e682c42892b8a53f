/** A process that splits song after song into one folder: `bun split-worker.ts OUT FIRST COUNT`. Says each number on a line. */
import { storeParts } from "../../lib/files/parts-folder.ts";
import { splitBytes } from "../../lib/jobs/split-bytes.ts";
import { manyVoices, sha256 } from "./split-songs.ts";

const [out, first, count] = process.argv.slice(2);
for (let n = Number(first); n < Number(first) + Number(count); n++) {
  const bytes = manyVoices(n);
  const parts = splitBytes(bytes, { by: "auto", drumsByNote: false });
  const files = parts.map(({ fileName, bytes, sha256 }) => ({ name: fileName, bytes, sha256 }));
  storeParts(out!, { name: `song ${n}`, sha256: sha256(bytes), variant: "" }, files);
  process.stdout.write(`${n}\n`);
}

/** A process that splits song after song into one folder: `bun split-worker.ts OUT FIRST COUNT`. Says each number on a line. */
import { splitBytes } from "../../lib/jobs/split-content.ts";
import { manyVoices, sha256 } from "./split-songs.ts";

const [out, first, count] = process.argv.slice(2);
for (let n = Number(first); n < Number(first) + Number(count); n++) {
  const bytes = manyVoices(n);
  splitBytes(bytes, { name: `song ${n}`, sha256: sha256(bytes) }, { out: out!, by: "auto", drumsByNote: false });
  process.stdout.write(`${n}\n`);
}

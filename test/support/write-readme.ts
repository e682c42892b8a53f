/** Brings the generated blocks of the README up to date: `bun test/support/write-readme.ts`. */
import { generated, README } from "./readme.ts";

await Bun.write(README, await generated(await Bun.file(README).text()));
process.exit();

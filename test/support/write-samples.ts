/** Writes `test/songs` anew: `bun test/support/write-samples.ts`. */
import { samples } from "./samples.ts";

for (const [name, bytes] of samples()) await Bun.write(new URL(`../songs/${name}`, import.meta.url), bytes);

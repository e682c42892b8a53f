/** Brings the generated blocks of README.md and docs/ up to date: `bun run docs`. */
import { generatedPages, writePage } from "./docs.ts";

for (const [page, text] of await generatedPages()) await writePage(page, text);
process.exit();

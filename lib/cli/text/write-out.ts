import { once } from "node:events";

/** Writes on stdout and waits while whoever reads it is slow: a long answer does not fill the memory. */
export async function writeOut(text: string | Uint8Array): Promise<void> {
  if (text.length > 0 && !process.stdout.write(text)) await once(process.stdout, "drain");
}

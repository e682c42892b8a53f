import { resolve } from "node:path";
import { requireFolder } from "../library/roots.ts";
import type { AnalyzeOptions } from "../phases/analyze-contents.ts";
import type { ImportOptions } from "../phases/import-folder.ts";
import type { SplitOptions } from "../phases/split-contents.ts";
import type { contentFlags, importFlags, libraryFlags, splitFlags, workFlags } from "./flags.ts";
import type { Values } from "./script.ts";

type Work = Values<typeof workFlags>;
type Content = Values<typeof contentFlags>;

/** Which library is meant; paths as they are from here. */
export function libraryOptions(values: Pick<Values<typeof libraryFlags>, "database" | "dataDir">) {
  const { database, dataDir } = values;
  return { database, dataDir: dataDir === undefined ? undefined : resolve(dataDir) };
}

/** Throws at once when there is no such folder: nothing is begun then. */
export function importOptions(values: Work & Values<typeof importFlags> & { readonly source: string }): ImportOptions {
  const source = resolve(values.source);
  requireFolder(source);
  return { source, maxBytes: maxBytes(values), sniff: values.sniff };
}

export function analysisOptions(values: Work & Content): AnalyzeOptions {
  return { force: values.force, retryFailed: values.retryFailed, maxBytes: maxBytes(values) };
}

export function splitOptions(values: Work & Content & Values<typeof splitFlags>): SplitOptions {
  return {
    ...(values.out !== undefined && { out: resolve(values.out) }),
    by: values.by as SplitOptions["by"],
    drumsByNote: values.drumsByNote,
    force: values.force,
    retryFailed: values.retryFailed,
    maxBytes: maxBytes(values),
  };
}

const maxBytes = (values: Work) => Math.floor(values.maxFileMb * 1024 * 1024);

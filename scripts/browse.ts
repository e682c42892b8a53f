import { resolve } from "node:path";
import { libraryFlags, parseMounts, workFlags } from "../lib/cli/flags.ts";
import { libraryOptions } from "../lib/cli/job-options.ts";
import { runScript } from "../lib/cli/run-script.ts";
import { defineScript } from "../lib/cli/script.ts";
import { withLibrary } from "../lib/library/open-library.ts";
import { browse } from "../lib/web/browse.ts";

/** Shows the library as a page in the browser: to search, to look at and to listen to. */
export const script = defineScript({
  name: "browse",
  description: "Show the library as a page in the browser: search, look, listen; nothing is changed",
  flags: {
    port: {
      type: "number",
      valueHint: "N",
      default: 4321,
      description: "Port on the loopback address; 0 for a free one",
    },
    open: { type: "boolean", description: "Open the page in the browser" },
    soundfont: {
      type: "string",
      valueHint: "FILE",
      description: "SoundFont to listen with (.sf2, .sf3, .dls); else one that is installed",
    },
    parts: { type: "string", valueHint: "DIR", description: "Folder of the parts; by default in the data directory" },
    database: libraryFlags.database,
    "data-dir": libraryFlags["data-dir"],
    root: workFlags.root,
  },
  async run(values, { stop, log }) {
    const { port, open, soundfont, parts, root } = values;
    const options = { command: "browse", ...libraryOptions(values), mounts: parseMounts(root), callers: 4 };
    await withLibrary(options, (library) =>
      browse(library, {
        port,
        open,
        soundFont: soundfont === undefined ? undefined : resolve(soundfont),
        parts: parts === undefined ? undefined : resolve(parts),
        stop,
        onReady: (url) => process.stdout.write(`${url}\n`),
        onError: (error) => log.error(error),
      }),
    );
    return 0;
  },
});

if (import.meta.main) await runScript(script);

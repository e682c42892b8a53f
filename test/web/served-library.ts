import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BasicSoundBank } from "spessasynth_core";
import { browseLibrary } from "../../lib/library/browse.ts";
import { openLibrary } from "../../lib/library/open-library.ts";
import { bundlePage } from "../../lib/web/bundle.ts";
import { servePage } from "../../lib/web/serve.ts";
import { findSoundFont } from "../../lib/web/soundfont.ts";
import { testDatabase } from "../support/database.ts";
import { midi } from "../support/midi-builder.ts";
import { samples } from "../support/samples.ts";
import { runScript } from "../support/script.ts";
import { scale } from "../support/tunes.ts";

/** A name, a title and words that a page must show as they are and never obey. */
export const HOSTILE = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>';

/** A library of the sample songs and of some hostile ones, served as `browse.ts` does. */
export interface ServedLibrary {
  readonly url: string;
  readonly database: string;
  readonly folder: string;
  readonly dataDir: string;
  readonly errors: Error[];
  /** Imports what was added to the folder since. */
  import(): Promise<void>;
  /** The number of the piece whose path ends so. */
  idOf(end: string): Promise<number>;
  close(): Promise<void>;
}

export async function servedLibrary(files: ReadonlyMap<string, Uint8Array> = allFiles()): Promise<ServedLibrary> {
  const base = mkdtempSync(join(tmpdir(), "midiworks-page-"));
  const [folder, dataDir] = [join(base, "music"), join(base, "data")];
  mkdirSync(folder);
  for (const [name, bytes] of files) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const database = await testDatabase();
  const importAll = async () => {
    const { code, err } = await runScript("orchestrate", [
      "--source",
      folder,
      "--database",
      database.url,
      "--data-dir",
      dataDir,
      "--quiet",
    ]);
    if (code !== 0) throw new Error(`Cannot import: ${err}`);
  };
  if (files.size > 0) await importAll();
  const soundFont = join(base, "tones.sf2");
  writeFileSync(soundFont, Buffer.from(await BasicSoundBank.getSampleSoundBankFile()));
  const opened = await openLibrary({ command: "browse", database: database.url, dataDir, callers: 4 });
  const library = browseLibrary(opened);
  const errors: Error[] = [];
  const served = {
    library,
    assets: await bundlePage(),
    soundFont: findSoundFont(soundFont),
    parts: join(dataDir, "parts"),
  };
  const page = servePage(served, 0, (error) => errors.push(error));
  return {
    url: page.url.slice(0, -1),
    database: database.url,
    folder,
    dataDir,
    errors,
    import: importAll,
    async idOf(end) {
      // The list follows an import within a second or two.
      for (const began = Date.now(); Date.now() - began < 30_000; ) {
        const { pieces } = (await (await fetch(`${page.url}library.json`)).json()) as {
          pieces: { id: number; path: string }[];
        };
        const found = pieces.find(({ path }) => path.endsWith(end));
        if (found) return found.id;
      }
      throw new Error(`Cannot find ${end} in the list`);
    },
    async close() {
      await page.stop();
      library.close();
      await opened.close();
      await database.close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function allFiles(): ReadonlyMap<string, Uint8Array> {
  return new Map([
    ...samples(),
    ["near/scale.mid", scale(40).program(0, 0).bytes()],
    ["near/scale, one note more.mid", nearScale()],
    ["hostile/\u202egnp.mid", hostile()],
    ["hostile/<b>bold<b> & \u0007.mid", scale(24, 240).text(0, 1, "bold").bytes()],
  ]);
}

/** The same tune for the ears, with other metas: the same notes in other bytes. */
function nearScale(): Uint8Array {
  return scale(40).program(0, 0).text(0, 1, "another hand").bytes();
}

function hostile(): Uint8Array {
  const file = midi();
  const track = file.track(HOSTILE).channel(0);
  for (let i = 0; i < 24; i++) {
    track.text(i * 480, 5, i === 0 ? HOSTILE : `\u0000\u202e${i} `);
    track.note(i * 480, 400, 60 + (i % 12));
  }
  return file.bytes();
}

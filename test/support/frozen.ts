import { join } from "node:path";
import { midi } from "./midi-builder.ts";

/** The opening of a song with what is known of it, as `write-frozen.ts` keeps it. */
export interface FrozenSong {
  readonly name: string;
  readonly division: number;
  /** Microseconds a quarter. */
  readonly tempo: number;
  /** Four numbers a note: ticks since the note before, length, pitch, velocity. */
  readonly tracks: readonly (readonly number[])[];
  readonly key: { readonly tonic: number; readonly minor: boolean } | null;
  readonly meter: { readonly numerator: number; readonly denominator: number } | null;
  /** From and to in milliseconds, root, Harte's shorthand, semitones from root to bass. */
  readonly chords: readonly (readonly [number, number, number, string, number])[];
}

const PATH = join(import.meta.dir, "../analysis/frozen/songs.json.gz");

export async function frozenSongs(): Promise<FrozenSong[]> {
  return JSON.parse(new TextDecoder().decode(Bun.gunzipSync(await Bun.file(PATH).bytes()))) as FrozenSong[];
}

/** The song as a file without metas but the tempo and names. */
export function frozenBytes({ division, tempo, tracks }: FrozenSong): Uint8Array {
  const file = midi({ division });
  for (const [i, notes] of tracks.entries()) {
    const track = file.track();
    if (i === 0) track.tempo(0, 60e6 / tempo);
    let at = 0;
    for (let n = 0; n < notes.length; n += 4) {
      at += notes[n]!;
      track.note(at, notes[n + 1]!, notes[n + 2]!, { velocity: notes[n + 3]! });
    }
  }
  return file.bytes();
}

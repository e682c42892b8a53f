/**
 * Freezes the opening of some songs with known answers as test/analysis/frozen/songs.json.gz:
 *
 *     bun test/support/write-frozen.ts DIR
 *
 * DIR holds POP909 (MIT) as docs/truth.md describes it. What is kept: notes by track, tempo, key, meter and chords.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { readMidi } from "../../lib/midi/read/reader.ts";
import { timeMap } from "../../lib/midi/time.ts";
import { truthFiles } from "../../scripts/bench/truth/truth-pieces.ts";
import type { FrozenSong } from "./frozen.ts";

const SONGS = 110;
const QUARTERS = 64;

const files = truthFiles(process.argv[2] ?? "").filter(({ path }) => /pop909/i.test(basename(path)));
const every = Math.floor(files.length / SONGS);
const songs = files
  .filter((_, i) => i % every === 0)
  .slice(0, SONGS)
  .map(({ path, truth: known }): FrozenSong => {
    const score = readMidi(Uint8Array.from(readFileSync(path)));
    const truth = known(score);
    const division = score.division.kind === "metrical" ? score.division.ticksPerQuarter : 480;
    const first = Math.min(...score.notes.startTick.subarray(0, score.notes.count));
    const end = first + QUARTERS * division;
    const seconds = timeMap(score).secondsAt(end);
    const columns = ({ noteStart, noteEnd }: { noteStart: number; noteEnd: number }) => {
      const notes: number[] = [];
      let last = 0;
      for (let i = noteStart; i < noteEnd; i++) {
        const start = score.notes.startTick[i]!;
        if (start >= end) continue;
        notes.push(
          start - last,
          Math.min(end, score.notes.endTick[i]!) - start,
          score.notes.pitch[i]!,
          score.notes.velocity[i]!,
        );
        last = start;
      }
      return notes;
    };
    return {
      name: basename(path, ".mid").split("__").pop()!,
      division,
      tempo: score.tempos.microsecondsPerQuarter[0] ?? 500_000,
      tracks: score.tracks.map(columns).filter((notes) => notes.length > 0),
      key: truth.key,
      meter: truth.meter,
      chords: (truth.chords ?? [])
        .filter(({ from, root }) => from < seconds && root >= 0)
        .map(({ from, to, root, kind, bass }) => [
          Math.round(from * 1000),
          Math.round(Math.min(to, seconds) * 1000),
          root,
          kind,
          bass,
        ]),
    };
  });
writeFileSync(join(import.meta.dir, "../analysis/frozen/songs.json.gz"), gzipSync(JSON.stringify(songs), { level: 9 }));

import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/folder.ts";
import { midi } from "../support/midi-builder.ts";
import { runScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const data = temporaryFolder("truth");
const QUARTER = 480;

/** Eight bars of 4/4 at 120: C, F, G and C, a bar each, twice; the bass on the beats. */
function song(): Uint8Array {
  const file = midi({ division: QUARTER });
  const bass = file.track("Bass").tempo(0, 120).meter(0, 4, 4);
  const chords = file.track("Melody").channel(1);
  for (const [bar, root] of [48, 53, 55, 48, 48, 53, 55, 48].entries())
    for (let beat = 0; beat < 4; beat++) {
      bass.note((bar * 4 + beat) * QUARTER, QUARTER, root - 12);
      chords.chord((bar * 4 + beat) * QUARTER, QUARTER, [root + 12, root + 16, root + 19]);
    }
  return file.bytes();
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(data, path, ".."), { recursive: true });
  writeFileSync(join(data, path), content);
}

const rows = (...lines: readonly (readonly (string | number)[])[]) => lines.map((line) => line.join("\t")).join("\n");

write("own/works/song.mid", song());
write(
  "own/works/song.harmonies.tsv",
  rows(
    ["quarterbeats", "duration_qb", "globalkey", "localkey", "chord_type", "root", "bass_note"],
    ...[0, -1, 1, 0, 0, -1, 1].map((root, bar) => [bar * 4, 4, "C", "I", "M", root, root]),
    [28, 4, "C", "I", "m", 0, 0],
  ),
);
write("own/works/song.measures.tsv", rows(["duration_qb", "timesig"], [4, "4/4"], [4, "4/4"], [4, "3/4"]));
write(
  "own/MANIFEST.tsv",
  rows(["file", "set", "key", "time_sig", "tempo_bpm"], ["tunes/a.mid", "listed", "D minor", "4/4", ""]),
);
write("own/tunes/a.mid", song());
write("own/played/waltz/midi_score.mid", song());
write(
  "own/played/waltz/midi_score_annotations.txt",
  Array.from({ length: 33 }, (_, i) => `${i / 2}\t${i / 2}\t${i % 4 ? "b" : `db${i ? "" : ",4/4,0"}`}`).join("\n"),
);

test("bench truth scores a folder in each of its formats", async () => {
  const { out, err, code } = await runScript("bench", ["truth", "--data", data, "--json"]);
  expect({ err, code }).toEqual({ err: "", code: 0 });
  const { summary, calibration } = JSON.parse(out) as {
    summary: { what: string; collection: string; score: number; trivial: number }[];
    calibration: { what: string; count: number }[];
  };
  const of = (what: string, collection: string) => summary.find((r) => r.what === what && r.collection === collection)!;
  expect(of("key", "works").score).toBe(1);
  expect(of("key", "listed").score).toBe(0);
  expect(of("key", "mean of collections").score).toBe(0.5);
  expect(of("meter", "works").score).toBe(1);
  expect(of("local key, time", "works")).toMatchObject({ score: 1, trivial: 1 });
  expect(of("chords, root", "works").score).toBeCloseTo(1);
  expect(of("chords, root", "works").trivial).toBeCloseTo(4 / 8);
  expect(of("chords, root and triad", "works").score).toBeCloseTo(7 / 8);
  expect(of("beat F", "played (scores)").score).toBeGreaterThan(0.9);
  expect(of("downbeat F", "played (scores)").score).toBeGreaterThan(0.9);
  expect(of("role bass", "works")).toMatchObject({ score: 1, trivial: 1 });
  expect(calibration.filter(({ what }) => what === "key").reduce((sum, { count }) => sum + count, 0)).toBe(2);
});

test("bench truth says a file a line, a table, and what it does not find", async () => {
  const { out } = await runScript("bench", ["truth", "--data", data, "--only", "own/works", "--each"]);
  const [first = "", head] = out.split("\n");
  expect(JSON.parse(first).path).toBe(join(data, "own/works/song.mid"));
  expect(head).toMatch(/^measure +collection +files +works +score +trivial +silent$/);
  const none = await runScript("bench", ["truth", "--data", join(data, "own/tunes")]);
  expect(none).toMatchObject({ code: 2, out: "", err: expect.stringContaining("expected a MANIFEST.tsv") });
});

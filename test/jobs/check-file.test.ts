import { expect, test } from "bun:test";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../lib/files/sha256.ts";
import { check, checkBytes, pathFacts, reject } from "../../lib/jobs/check-file.ts";
import { temporaryFolder } from "../support/folder.ts";
import { midi } from "../support/midi-builder.ts";
import { song } from "../support/tunes.ts";

const folder = temporaryFolder("check");
const limits = { maxBytes: 1 << 20 };

test("check says what a file is: its hash, its structure, how many voices it has", () => {
  const path = join(folder, "a.mid");
  writeFileSync(path, song(1));
  utimesSync(path, 1, 2);
  expect(check({ path }, limits)).toMatchObject({
    sha256: sha256(song(1)),
    size: song(1).length,
    modifiedUs: 2_000_000,
    status: "ok",
    error: null,
    repairs: [],
    voiceCount: 2,
  });
});

test("check counts a voice for each track and channel with notes", () => {
  const bytes = midi().track().note(0, 9, 60).channel(3).note(0, 9, 60).track().note(0, 9, 60).track().bytes();
  expect(checkBytes(bytes)).toMatchObject({ trackCount: 3, noteCount: 3, voiceCount: 3 });
});

test("check rejects what is no MIDI file and knows it by its bytes", () => {
  const bytes = Buffer.from("<html>404</html>");
  const checked = checkBytes(bytes);
  expect(checked).toMatchObject({ sha256: sha256(bytes), size: 16, status: "rejected", noteCount: null });
  expect(checked.error).toContain("an HTML page");
});

test("check answers for a file that cannot be read", () => {
  const gone = check({ path: join(folder, "gone 120 bpm.mid") }, limits);
  expect(gone).toMatchObject({ sha256: null, status: null, error: "no such file", nameBpm: 120 });
  writeFileSync(join(folder, "large.mid"), song(1));
  expect(check({ path: join(folder, "large.mid") }, { maxBytes: 10 }).error).toContain("more than the limit of 10");
});

test("reject says of a file what is known without reading its music", () => {
  const path = join(folder, "hangs.mid");
  writeFileSync(path, song(1));
  const said = reject({ path }, { ...limits, reason: "no result within 60 s" });
  expect(said).toMatchObject({ sha256: sha256(song(1)), status: "rejected", error: "no result within 60 s" });
});

test("pathFacts reads tempo and key from the path", () => {
  expect(pathFacts("packs/bass_120bpm_Cmin.mid")).toMatchObject({ nameBpm: 120, nameKey: "C minor" });
  expect(pathFacts("song.mid")).toMatchObject({ nameBpm: null, nameKey: null });
});

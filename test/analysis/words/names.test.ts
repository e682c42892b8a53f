import { expect, test } from "bun:test";
import { names } from "../../../lib/analysis/words/names.ts";

const silent = { bpm: null, tonic: null, mode: null };
const read = (path: string) => names(path, silent)!;
const keyOf = (path: string) => {
  const { key } = read(path);
  return key && `${key.tonic}${key.mode ? ` ${key.mode}` : ""}`;
};
const tagsOf = (path: string) => read(path).tags.map(({ tag }) => tag);

test.each([
  ["C#m loop.mid", "C# minor"],
  ["Pad_Bbm.mid", "Bb minor"],
  ["120_Amin_Lead.mid", "A minor"],
  ["Cmaj chords.mid", "C major"],
  ["EMIN.mid", "E minor"],
  ["Am.mid", "A minor"],
  ["128_Am_Pluck.mid", "A minor"],
  ["F#M pad.mid", "F# major"],
  ["Prelude in C sharp minor.mid", "C# minor"],
  ["March in B-flat major.mid", "Bb major"],
  ["Symphony No. 5 in C minor, Op. 67.mid", "C minor"],
  ["Sonata in A.mid", "A"],
  ["KEY OF D - take 2.mid", "D"],
  ["Sonate fis-moll.mid", "F# minor"],
  ["Präludium H-Dur.mid", "B major"],
  ["B-Dur Marsch.mid", "Bb major"],
  ["Es-Dur Konzert.mid", "Eb major"],
  ["Concierto en La menor.mid", "A minor"],
  ["C♯m pad.mid", "C# minor"],
  ["C#_130_bass.mid", "C#"],
  ["128_C_Bass.mid", "C"],
  ["in_the_key_of_G.mid", "G"],
  ["140bpmCmin.mid", "C minor"],
  ["key-Dm_bpm-125.mid", "D minor"],
  ["C harmonic minor.mid", "C minor"],
  ["D Dorian groove.mid", "D"],
  ["Fsharpminor.mid", "F# minor"],
  ["BflatMinor.mid", "Bb minor"],
  ["Dmoll.mid", "D minor"],
  ["do# menor.mid", "C# minor"],
  ["Sonata in A minor, K. 310.mid", "A minor"],
  ["A minor waltz.mid", "A minor"],
  ["c#m_124.mid", "C# minor"],
  ["120_f#_bass.mid", "F#"],
  ["Am 120.mid", "A minor"],
  ["01 - 128 - Am.mid", "A minor"],
  ["Key-Am 128.mid", "A minor"],
  ["key of Em.mid", "E minor"],
  ["nocturne in e flat.mid", "Eb"],
  ["Loop A Fm 120bpm.mid", "F minor"],
])("names reads the key of %p as %p", (path, key) => {
  expect(keyOf(path)).toBe(key);
});

test.each([
  ["A Day In Life.mid"],
  ["I Am The Walrus.mid"],
  ["Where Am I.mid"],
  ["Get Em Rock.mid"],
  ["Living in A Box.mid"],
  ["GM.mid"],
  ["GM Demo 120 bpm.mid"],
  ["Bb Trumpet.mid"],
  ["Minor Swing.mid"],
  ["Major Tom.mid"],
  ["Do it again.mid"],
  ["Cmaj7 chord.mid"],
  ["Dm7 - G7 - Cmaj7.mid"],
  ["Am7 chords 90bpm.mid"],
  ["Cmajor7.mid"],
  ["Asus4.mid"],
  ["A Major Problem.mid"],
  ["120 bpm A Whole New World.mid"],
  ["Dm-G-C chords 100bpm.mid"],
  ["House_Chords_126bpm_Gm-Bb-F.mid"],
  ["Dm7-G7-C 120bpm.mid"],
  ["C#-A-E-B 120bpm.mid"],
  ["9 Am.mid"],
  ["Living in a flat.mid"],
])("names finds no key in %p", (path) => {
  expect(keyOf(path)).toBeNull();
});

test.each([
  ["128bpm.mid", 128, true],
  ["Loop 92.5 BPM.mid", 92.5, true],
  ["bpm_140 hook.mid", 140, true],
  ["174-BPM Break/01.mid", 174, true],
  ["01_120_kick.mid", 120, false],
  ["120 F# min pluck.mid", 120, false],
  ["124 C Minor Keys.mid", 124, false],
  ["DrumLoop120Gmin.mid", 120, false],
  ["Drum Loops/124/Groove 03.mid", 124, false],
  ["140bpmCmin.mid", 140, true],
  ["Tempo=104.mid", 104, true],
  ["♩=120 flute.mid", 120, true],
  ["storm_140_v2 bass.mid", 140, false],
  ["Chord Prog 04 (Ebm, 95).mid", 95, false],
  ["Groove_6-8_120bpm.mid", 120, true],
  ["Am 120.mid", 120, false],
  ["120_drumfill.mid", 120, false],
])("names reads the BPM of %p as %p", (path, bpm, bpmExplicit) => {
  expect(read(path)).toMatchObject({ bpm, bpmExplicit });
});

test.each([
  ["Route 66.mid"],
  ["Blink 182 - Feeling.mid"],
  ["1999.mid"],
  ["Symphony 101 strings.mid"],
  ["BWV 106 organ.mid"],
  ["Piano Op. 110.mid"],
  ["099_piano.mid"],
  ["kick 100 120.mid"],
  ["Highway 61 blues guitar.mid"],
  ["Interstate 80 blues.mid"],
  ["100 Years piano.mid"],
  ["100 Bass Loops/Bass 07.mid"],
  ["20200115_melody.mid"],
  ["1985-06-12 jam drums.mid"],
  ["K545 piano.mid"],
  ["RV 120 strings.mid"],
])("names takes no number of %p for a BPM", (path) => {
  expect(read(path).bpm).toBeNull();
});

test("names takes whole words for tags", () => {
  expect(tagsOf("Warehouse.mid")).toEqual([]);
  expect(tagsOf("Househusband trapped.mid")).toEqual([]);
  expect(tagsOf("Deep House/Bassline 3.mid")).toEqual(["bass", "bassline", "deep house"]);
  expect(tagsOf("drum and bass/roller.mid")).toEqual(["drum and bass"]);
  expect(tagsOf("SnareFill_HiHat.mid")).toEqual(["snare", "fill", "hat"]);
  expect(tagsOf("drumloop 2.mid")).toEqual(["drums", "loop"]);
});

test("names looks at the file first, then at three folders", () => {
  expect(tagsOf("/jazz/a/b/trap/x/y/piano.mid")).toEqual(["piano", "trap"]);
  expect(read("120 bpm/loop 90 bpm.mid").bpm).toBe(90);
  expect(keyOf("C minor/D minor pad.mid")).toBe("D minor");
  expect(read("C:\\loops\\house\\kick 128 bpm.mid")).toMatchObject({ bpm: 128 });
});

test("names compares itself with the music", () => {
  const heard = { bpm: 64, tonic: "Db", mode: "major" } as const;
  expect(names("64 bpm C# major.mid", heard)).toMatchObject({ bpmAgrees: "agrees", keyAgrees: "agrees" });
  expect(names("128 bpm Bbm.mid", heard)).toMatchObject({ bpmAgrees: "octave", keyAgrees: "related" });
  expect(names("100 bpm C#m.mid", heard)).toMatchObject({ bpmAgrees: "disagrees", keyAgrees: "related" });
  expect(names("D minor.mid", heard)).toMatchObject({ bpmAgrees: null, keyAgrees: "disagrees" });
  expect(names("100 bpm Am.mid", silent)).toMatchObject({ bpmAgrees: null, keyAgrees: null });
});

test("names says nothing without a path", () => {
  expect(names(undefined, silent)).toBeNull();
});

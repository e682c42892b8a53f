import { midi } from "./midi-builder.ts";

/**
 * The small collection in `test/songs`: something to run the main job on, and one of each kind of file a real folder
 * holds. `bun test/support/write-samples.ts` writes it; a test checks that what is committed is what stands here.
 */
export function samples(): ReadonlyMap<string, Uint8Array> {
  const waltz = waltzInD();
  return new Map([
    ["waltz in D.mid", waltz],
    ["copies/waltz (1).MID", waltz],
    ["loops/120 bpm drum loop.mid", drumLoop()],
    ["songs/blues in A.midi", blues(1)],
    ["songs/blues in A, one track.mid", blues(0)],
    ["karaoke/round.kar", round()],
    ["karaoke/round.rmi", riff(round())],
    ["damaged/no end of track.mid", waltz.slice(0, -4)],
    ["damaged/a web page.mid", new TextEncoder().encode("<!DOCTYPE html><title>404 Not Found</title>\n")],
    ["damaged/empty.mid", new Uint8Array()],
  ]);
}

const QUARTER = 480;
const BAR_3 = 3 * QUARTER;
const BAR_4 = 4 * QUARTER;

/** Eight bars of 3/4 in D major: melody, chords, bass. */
function waltzInD(): Uint8Array {
  const file = midi({ division: QUARTER });
  file.track("Waltz in D").tempo(0, 150).meter(0, 3, 4).keySignature(0, 2);
  const chords = [
    [50, 57, 62, 66],
    [50, 57, 62, 66],
    [45, 57, 61, 64, 67],
    [50, 57, 62, 66],
    [43, 55, 59, 62],
    [50, 57, 62, 66],
    [45, 57, 61, 64, 67],
    [50, 57, 62, 66],
  ];
  const melody = [74, 78, 81, 81, 78, 74, 76, 79, 76, 78, 74, 69, 71, 74, 79, 78, 81, 78, 76, 73, 69, 74, 74, 74];
  const flute = file.track("Flute").channel(0).program(0, 73);
  for (const [i, pitch] of melody.entries()) flute.note(i * QUARTER, QUARTER - 20, pitch, { velocity: 90 });
  const strings = file.track("Strings").channel(1).program(0, 48);
  const bass = file.track("Bass").channel(2).program(0, 32);
  for (const [bar, [low, ...upper]] of chords.entries()) {
    bass.note(bar * BAR_3, QUARTER, low! - 12);
    for (const beat of [1, 2]) strings.chord(bar * BAR_3 + beat * QUARTER, QUARTER / 2, upper, { velocity: 60 });
  }
  return file.bytes();
}

/** Two bars of a rock beat on channel 10. */
function drumLoop(): Uint8Array {
  const file = midi({ format: 0, division: 96 });
  const drums = file.track("Drum loop").tempo(0, 120).meter(0, 4, 4).channel(9);
  for (let eighth = 0; eighth < 16; eighth++) {
    const tick = eighth * 48;
    drums.note(tick, 24, 42, { velocity: eighth % 2 ? 60 : 90 });
    if (eighth % 8 === 0 || eighth % 8 === 5) drums.note(tick, 24, 36, { velocity: 110 });
    if (eighth % 8 === 2 || eighth % 8 === 6) drums.note(tick, 24, 38, { velocity: 110 });
  }
  return drums.end(768).bytes();
}

/** Twelve bars in A: piano, bass and drums, on a track each (format 1) or on one track together (format 0). */
function blues(format: 0 | 1): Uint8Array {
  const file = midi({ format, division: QUARTER });
  const one = file.track("Blues in A").tempo(0, 96).meter(0, 4, 4).keySignature(0, 3);
  const part = (name: string) => (format === 0 ? one : file.track(name));
  const roots = [45, 45, 45, 45, 50, 50, 45, 45, 52, 50, 45, 52];
  const piano = part("Piano").program(0, 0, 0);
  const bass = part("Bass").program(0, 33, 1);
  const drums = part("Drums");
  for (const [bar, root] of roots.entries()) {
    const tick = bar * BAR_4;
    const seventh = [0, 4, 7, 10].map((step) => root + 12 + step);
    for (const beat of [0, 2]) piano.chord(tick + beat * QUARTER, QUARTER, seventh, { channel: 0, velocity: 70 });
    for (const [beat, step] of [0, 4, 7, 9].entries()) {
      bass.note(tick + beat * QUARTER, QUARTER - 30, root - 12 + step, { channel: 1, velocity: 95 });
      drums.note(tick + beat * QUARTER, 120, beat % 2 ? 38 : 36, { channel: 9, velocity: 100 });
      drums.note(tick + beat * QUARTER + 320, 80, 42, { channel: 9, velocity: 64 });
    }
  }
  return file.bytes();
}

/** A round with its words, as karaoke files carry them. */
function round(): Uint8Array {
  const file = midi({ division: QUARTER });
  file.track("Soft Karaoke").text(0, 1, "@KMIDI KARAOKE FILE").tempo(0, 110).meter(0, 4, 4).keySignature(0, 0);
  const words = file.track("Words").text(0, 1, "@LENGL").text(0, 1, "@TBrother John");
  const voice = file.track("Voice").channel(0).program(0, 52);
  const line: [pitch: number, quarters: number, syllable: string][] = [
    [60, 1, "\\Are "],
    [62, 1, "you "],
    [64, 1, "sleep"],
    [60, 1, "ing?"],
    [60, 1, "/Are "],
    [62, 1, "you "],
    [64, 1, "sleep"],
    [60, 1, "ing?"],
    [64, 1, "\\Broth"],
    [65, 1, "er "],
    [67, 2, "John!"],
    [64, 1, "/Broth"],
    [65, 1, "er "],
    [67, 2, "John!"],
  ];
  let tick = 0;
  for (const [pitch, quarters, syllable] of line) {
    words.text(tick, 1, syllable);
    voice.note(tick, quarters * QUARTER - 24, pitch, { velocity: 88 });
    tick += quarters * QUARTER;
  }
  return file.bytes();
}

/** The file in a RIFF envelope (RMID). */
function riff(file: Uint8Array): Uint8Array {
  const padded = file.length + (file.length % 2);
  const bytes = new Uint8Array(20 + padded);
  const view = new DataView(bytes.buffer);
  const put = (at: number, tag: string) => bytes.set(new TextEncoder().encode(tag), at);
  put(0, "RIFF");
  view.setUint32(4, 12 + padded, true);
  put(8, "RMIDdata");
  view.setUint32(16, file.length, true);
  bytes.set(file, 20);
  return bytes;
}

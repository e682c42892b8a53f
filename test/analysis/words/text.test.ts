import { expect, test } from "bun:test";
import { concat, hex } from "../../support/hex.ts";
import { midi, type TrackBuilder } from "../../support/midi-builder.ts";
import { featuresOf } from "../../support/piece-of.ts";

const textOf = (built: Parameters<typeof featuresOf>[0]) => featuresOf(built).text;

test("text gives names, notices, comments, markers and cues", () => {
  const file = midi()
    .track("My Song")
    .text(0, 2, "(c) 1999 A")
    .text(0, 1, "made by B")
    .text(480, 6, "Verse")
    .text(960, 7, "exit");
  expect(textOf(file.track("Bass").text(0, 4, "Fender").note(0, 480, 40))).toMatchObject({
    title: "My Song",
    copyright: "(c) 1999 A",
    trackNames: ["My Song", "Bass"],
    instrumentNames: ["Fender"],
    comments: ["made by B"],
    markers: [{ tick: 480, seconds: 0.5, text: "Verse" }],
    cues: [{ tick: 960, seconds: 1, text: "exit" }],
    lyrics: null,
    codePage: null,
    capped: false,
  });
});

test("text takes no sequencer's own track name, and no instrument's, for a title", () => {
  expect(textOf(midi().track("Tempo Track").track("Piano").note(0, 10, 60)).title).toBeNull();
  expect(textOf(midi().track("untitled").track().note(0, 10, 60)).title).toBeNull();
  expect(textOf(midi().track("Piano").note(0, 10, 60).track("Bass").note(0, 10, 40)).title).toBeNull();
  expect(textOf(midi({ format: 0 }).track("Blue Moon").note(0, 10, 60)).title).toBe("Blue Moon");
});

test.each([
  ["________", null],
  ["Copyright 2001 MIDI Team", null],
  ["Sequenced by Someone", null],
  ["Boesendorfer Grand Piano", null],
  ["Piano right", null],
  ["Elec. Piano (Classic)", null],
  ["8-Bit Square", null],
  ["Fretless Bass", null],
  ["Rain", "Rain"],
  ["midi_export", null],
  ["/home/me/Downloads/26-2", "26-2"],
  ["C:\\songs\\Lilacs.mid", "Lilacs"],
  ["AC/DC - Thunderstruck", "AC/DC - Thunderstruck"],
  ["The Piano Man", "The Piano Man"],
  ["ベートーベン 交響曲第7番", "ベートーベン 交響曲第7番"],
])("text takes the name %p for the title %p", (name, title) => {
  expect(textOf(midi().track(name).track("Lead").note(0, 480, 60)).title).toBe(title);
});

test("text keeps the verses apart that share their notes", () => {
  const ordered = midi().track();
  for (const [i, [a, b]] of [
    ["1.If ", "2.When "],
    ["you ", "you "],
    ["go ", "come "],
    ["to ", "back "],
  ].entries())
    ordered.text(480 * i, 5, a!).text(480 * i, 5, b!);
  expect(textOf(ordered).lyrics!.text).toBe("1.If you go to\n\n2.When you come back");
});

test("text joins lyric syllables by their own spaces", () => {
  const track = midi().track().note(480, 480, 60);
  for (const [i, syllable] of ["Hel", "lo ", "dark", "ness\r", "my ", "friend"].entries())
    track.text(480 * (i + 1), 5, syllable);
  expect(textOf(track).lyrics).toMatchObject({
    source: "lyric",
    text: "Hello darkness\nmy friend",
    syllables: 6,
    startTick: 480,
    startSeconds: 0.5,
    language: null,
  });
});

test.each([
  ["by hyphens where none has spaces", ["Hel-", "lo", "dark-", "ness"], "Hello darkness"],
  ["by hyphens where lines end, too", ["Hel-", "lo", "dark-", "ness\r", "my", "friend"], "Hello darkness\nmy friend"],
  ["by hyphens beside spaces", ["Hel-", "lo ", "dark-", "ness ", "my", "friend"], "Hello darkness myfriend"],
  [
    "and keep the hyphens words have",
    ["Hel", "lo ", "twen", "ty-", "one ", "dark", "ness"],
    "Hello twenty-one darkness",
  ],
  ["with spaces where they have them only within", ["C", "F (add9)", "G | E", "am"], "C F (add9) G | E am"],
  ["without spaces in Japanese", ["さ", "く", "ら", "\r", "や", "よ", "い"], "さくら\nやよい"],
] as const)("text joins lyric syllables %s", (_, syllables, text) => {
  const track = midi().track();
  for (const [i, syllable] of syllables.entries()) track.text(480 * i, 5, syllable);
  expect(textOf(track).lyrics!.text).toBe(text);
});

test("text reads karaoke: headers, verses, lines", () => {
  const file = midi().track("Soft karaoke").text(0, 1, "@KMIDI KARAOKE FILE").track("Words");
  file.text(0, 1, "@LENGL").text(0, 1, "@TBlue Moon").text(0, 1, "@TRodgers");
  for (const [i, syllable] of ["\\Blue ", "moon", "/you ", "saw ", "me", "\\Blue ", "moon"].entries())
    file.text(480 * (i + 1), 1, syllable);
  const said = textOf(file);
  expect([said.title, said.artist]).toEqual(["Blue Moon", "Rodgers"]);
  expect(said.lyrics).toMatchObject({
    source: "karaoke",
    text: "Blue moon\nyou saw me\n\nBlue moon",
    syllables: 7,
    language: "ENGL",
  });
  expect(said.comments).toEqual(["@KMIDI KARAOKE FILE", "@LENGL", "@TBlue Moon", "@TRodgers"]);
});

test("text gives the words of every singer, once where they sing the same", () => {
  const file = midi().track("Anna");
  const sing = (track: TrackBuilder, words: string[], type = 5) => {
    for (const [i, word] of words.entries()) track.text(480 * i, type, word);
    return track;
  };
  sing(file, ["I ", "will ", "stay"]);
  sing(file.track("Ben"), ["You ", "must ", "go"]);
  sing(file.track("Choir"), ["I ", "will ", "stay"]);
  expect(textOf(file).lyrics).toMatchObject({ text: "I will stay\n\nYou must go", syllables: 9 });

  const karaoke = midi().track("Words");
  sing(karaoke, ["\\I ", "will ", "/stay"], 1);
  sing(karaoke.track("Words 2"), ["\\You ", "must ", "/go"], 1);
  const said = textOf(karaoke.track().text(0, 1, "made at home"));
  expect(said.lyrics).toMatchObject({ source: "karaoke", text: "I will\nstay\n\nYou must\ngo" });
  expect(said.comments).toEqual(["made at home"]);
});

test("text reads the karaoke of Yamaha's XF: words, title and artist", () => {
  const song = midi().track("Demo").note(0, 480, 60).bytes();
  const info = hex('"XFIH" 00000025 00 FF 01 1E "XFln:L1:Row Your Boat:C:L:A:Us" 00 FF 2F 00');
  const words = hex(`"XFKM" 00000034 00 FF 07 0C "$Lyrc:1:0:L1"
    00 FF 05 04 "<Row"  83 60 FF 05 04 "^row"  60 FF 05 08 "/gent^ly"  00 FF 2F 00`);
  new DataView(info.buffer).setUint32(4, info.length - 8);
  new DataView(words.buffer).setUint32(4, words.length - 8);
  const text = textOf({ bytes: () => concat(song, info, words) });
  expect([text.title, text.artist]).toEqual(["Row Your Boat", "Us"]);
  expect(text.lyrics).toMatchObject({ source: "lyric", text: "Row row\ngent ly", syllables: 3, startTick: 0 });
});

test("text never fails on bytes of other code pages and names the one it took", () => {
  expect(textOf(midi().track().text(0, 2, "© Café")).codePage).toBe("utf-8");
  const latin = textOf(midi().track().text(0, 2, [0x43, 0x61, 0x66, 0xe9]));
  expect(latin).toMatchObject({ copyright: "Café", codePage: "windows-1252" });
  expect(textOf(midi().track().text(0, 1, [0xff, 0xfe, 0x00, 0x81, 0x07])).comments).toHaveLength(1);
});

test("text cuts what is endless, and says so", () => {
  const track = midi().track();
  for (let i = 0; i < 3000; i++) track.text(i, 5, "la la la la ");
  const { lyrics, capped } = textOf(track);
  expect(lyrics).toMatchObject({ syllables: 3000, capped: true });
  expect(lyrics!.text.length).toBe(20_000);
  expect(capped).toBe(true);
});

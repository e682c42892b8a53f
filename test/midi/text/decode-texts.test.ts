import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodeTexts } from "../../../lib/midi/text/decode-texts.ts";
import { hex } from "../../support/hex.ts";

/** Encodes by looking characters up in what the runtime's own decoder makes of every one- and two-byte sequence. */
function encoder(label: "windows-1252" | "shift_jis" | "gb18030" | "big5" | "euc-kr" | "windows-1251") {
  const decode = new TextDecoder(label);
  const bytesOf = new Map<string, number[]>();
  for (let lead = 255; lead >= 0; lead--) {
    for (let trail = 255; trail >= 0x40; trail--) bytesOf.set(decode.decode(Uint8Array.of(lead, trail)), [lead, trail]);
  }
  for (let byte = 255; byte >= 0; byte--) bytesOf.set(decode.decode(Uint8Array.of(byte)), [byte]);
  return (text: string) => Uint8Array.from([...text].flatMap((char) => bytesOf.get(char)!));
}

const utf8 = (text: string) => new TextEncoder().encode(text);

const CASES = {
  "windows-1252": [
    ["Präludium und Fuge Es-Dur", "Copyright © 2006 HarfeSoft"],
    ["Spår 1", "Spår 2", "utan nå melodi"],
    ["Synthé'", "Cordes début", "Éloïse à la fenêtre, Noël"],
    ["La", " ci", "u", "dad", " pe", "que", "ña", " que", " él", " so", "ñó"],
    ["¿Dónde estás, corazón?", "Antônio — “Canção”"],
    ["°"],
  ],
  shift_jis: [
    ["ピアノ", "ドラム", "ベース", "作曲:坂本"],
    ["夜", "空", "の", "む", "こ", "う", "に", "き", "み", "が", "い", "る"],
    ["交響曲第九番 第四楽章"],
  ],
  gb18030: [["音轨1", "明月几时有", "把酒问青天"], ["月", "亮", "代", "表", "我", "的", "心"], ["勇气"]],
  big5: [["月亮代表我的心"], ["望春風", "鋼琴"]],
  "euc-kr": [
    ["사랑", "은", "언제나", "오래 참고"],
    ["피아노", "작곡: 김민기"],
  ],
  "windows-1251": [
    ["Подмосковные вечера", "не слышны в саду даже шорохи"],
    ["КАЛИНКА", "Гитара", "Бас", "я"],
  ],
  "utf-8": [["Präludium"], ["音轨1"], ["빛", "날"], ["B♭ Clarinet"], ["“Quoted” – Žluťoučký kůň"], ["ピアノ"]],
} as const;

for (const [page, files] of Object.entries(CASES)) {
  test(`decodeTexts tells ${page} by all texts of a file`, () => {
    const encode = page === "utf-8" ? utf8 : encoder(page as "shift_jis");
    for (const texts of files) {
      expect(decodeTexts(texts.map(encode))).toEqual({ texts: [...texts], codePage: page as "utf-8" });
    }
  });
}

test("decodeTexts says null for plain ASCII and leaves the marks of karaoke as they stand", () => {
  const marks = ["@KMIDI KARAOKE FILE", "@LENGL", "@TTitle", "\\New ", "/line", "Caf\te\r\n"];
  expect(decodeTexts(marks.map(utf8))).toEqual({ texts: marks, codePage: null });
});

test("decodeTexts obeys a {@JP} or {@LATIN} tag (MMA RP-026) when a text is too short to tell", () => {
  const half = hex("B1 B2"); // half-width katakana, or plus-minus and a small 2
  expect(decodeTexts([utf8("{@JP}"), half])).toEqual({ texts: ["{@JP}", "ｱｲ"], codePage: "shift_jis" });
  expect(decodeTexts([utf8("{@LATIN}"), half])).toEqual({ texts: ["{@LATIN}", "±²"], codePage: "windows-1252" });
});

test("decodeTexts reads single texts of another kind in files of UTF-8 and Windows-1252", () => {
  const latin = encoder("windows-1252");
  expect(decodeTexts([utf8("施坦威大钢琴"), latin("Copyright © 2002")])).toEqual({
    texts: ["施坦威大钢琴", "Copyright © 2002"],
    codePage: "utf-8",
  });
  expect(decodeTexts([latin("Übung für Änne"), latin("Größe"), latin("Fußgängerübergänge"), utf8("é")])).toMatchObject({
    texts: ["Übung für Änne", "Größe", "Fußgängerübergänge", "é"],
  });
});

const one = (bytes: Uint8Array) => decodeTexts([bytes]).texts[0];

test("decodeTexts obeys byte order marks and leaves them out", () => {
  expect(one(hex('EF BB BF "abc"'))).toBe("abc");
  expect(one(hex("FF FE 41 00 E9 00"))).toBe("Aé");
  expect(one(hex("FE FF 00 41 00 E9"))).toBe("Aé");
  expect(decodeTexts([utf8("Bass"), hex("FF FE 41 00 E9 00")]).codePage).toBe("utf-16le");
});

test("decodeTexts leaves out NUL and control characters, and a last character that was cut off", () => {
  expect(one(hex('"Piano" 00 00 00'))).toBe("Piano");
  expect(one(hex('01 "a" 7F "b" 1B'))).toBe("ab");
  expect(one(hex("E9 9F B3 E8 BD A8 E8 BD"))).toBe("音轨");
});

test("decodeTexts never fails and never gives what PostgreSQL cannot store", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), (texts) => {
      const decoded = decodeTexts(texts);
      expect(decoded.texts.length).toBe(texts.length);
      for (const text of decoded.texts) {
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toContain("\0");
      }
    }),
    { seed: 1, numRuns: 1000 },
  );
});

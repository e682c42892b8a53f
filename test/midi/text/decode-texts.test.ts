import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodeTexts } from "../../../lib/midi/text/decode-texts.ts";
import { hex } from "../../support/hex.ts";

/** Encodes by looking characters up in what the runtime's own decoder makes of every one- and two-byte sequence. */
function encoder(label: string) {
  const decode = new TextDecoder(label as Bun.Encoding);
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
  "euc-jp": [
    ["さくら さくら", "野山も里も"],
    ["ふるさと", "うさぎ追いし かの山"],
  ],
  "windows-1250": [
    ["Wlazł", " kotek", " na", " płotek", " i mruga", "ładna to", " piosenka", " niedługa"],
    ["Škoda lásky", "Kde domov můj", "píseň pro tebe"],
    ["Tavaszi szél vizet áraszt", "virágom, virágom", "gyönyörű", "szerető"],
  ],
  "windows-1253": [["Ένα νερό κυρά Βαγγελιώ", "ένα νερό κρύο νερό"], ["Τα παιδιά του Πειραιά"], ["ΖΟΡΜΠΑΣ", "Κιθάρα"]],
  "windows-1254": [
    ["Üsküdar'a gider iken", "aldı da bir yağmur"],
    ["Şarkı sözleri", "İstanbul'da sonbahar"],
  ],
  "windows-1255": [["הבה נגילה", "ונשמחה"], ["ירושלים של זהב"]],
  "windows-1256": [["يا ليل يا عين"], ["أنت عمري", "رجعوني عينيك لأيامي اللي راحوا"]],
  "windows-1257": [
    ["Ant kalno mūrai, žemai grioviai", "jojo lietuvių pulkas"],
    ["Pūt, vējiņi, dzen laiviņu", "aizdzen mani Kurzemē"],
  ],
  "windows-874": [["ลอยกระทง"], ["วันเพ็ญเดือนสิบสอง", "น้ำก็นองเต็มตลิ่ง"]],
  "koi8-r": [["Подмосковные вечера"], ["Песня о друге", "если друг оказался вдруг"]],
  ibm866: [["Подмосковные вечера"], ["КАЛИНКА", "калинка моя, в саду ягода малинка"]],
  macintosh: [["Les feuilles mortes se ramassent à la pelle", "les souvenirs et les regrets aussi, l'été, la forêt"]],
  "utf-8": [["Präludium"], ["音轨1"], ["빛", "날"], ["B♭ Clarinet"], ["“Quoted” – Žluťoučký kůň"], ["ピアノ"]],
} as const;

for (const [page, files] of Object.entries(CASES)) {
  test(`decodeTexts tells ${page} by all texts of a file`, () => {
    const encode = page === "utf-8" ? utf8 : encoder(page);
    for (const texts of files) {
      expect(decodeTexts(texts.map(encode))).toEqual({ texts: [...texts], codePage: page as "utf-8" });
    }
  });
}

test("decodeTexts tells the code pages of DOS", () => {
  const french = [hex('"Et" 82 ", la for" 88 "t"'), hex('"la mer est belle, " 85 " No" 89 "l"'), hex('"gar" 87 "on"')];
  expect(decodeTexts(french)).toEqual({
    texts: ["Eté, la forêt", "la mer est belle, à Noël", "garçon"],
    codePage: "ibm850",
  });
  const german = [hex('"F" 81 "r Elise, gr" 94 E1 "er"'), hex('"M" 84 "dchen"')];
  expect(decodeTexts(german).texts).toEqual(["Für Elise, größer", "Mädchen"]);
  const polish = [hex('"Wlaz" 88 " kotek na p" 88 "otek"'), hex('"b" A9 "dzie " 98 "piewa" 86')];
  expect(decodeTexts(polish)).toEqual({ texts: ["Wlazł kotek na płotek", "będzie śpiewać"], codePage: "ibm852" });
});

test("decodeTexts takes an apostrophe and a copyright for what they are", () => {
  const latin = encoder("windows-1252");
  for (const text of ["Branle l’officiale", "Don’t stop", "© 1999 Sega", "Tom’s Song – “Live”", "dø7 | Ab"]) {
    expect(decodeTexts([latin(text)])).toEqual({ texts: [text], codePage: "windows-1252" });
  }
});

test("decodeTexts tells Japanese from Korean and Chinese by the words", () => {
  const japanese = encoder("shift_jis");
  expect(decodeTexts(["FINAL FANTASY 不気味な夜", "作曲：植松"].map(japanese)).codePage).toBe("shift_jis");
  expect(decodeTexts(["아리랑 고개로 넘어간다"].map(encoder("euc-kr"))).codePage).toBe("euc-kr");
});

test("decodeTexts says null and no words where pages differ and none is likelier, or none fits", () => {
  expect(decodeTexts([hex('"Ta" F0 "ka"')])).toEqual({ texts: ["Ta\ufffdka"], codePage: null });
  expect(decodeTexts([hex("81 FF 9D 80 FE 8F 90 A0 FD 81")]).codePage).toBeNull();
});

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

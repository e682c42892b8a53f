import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { migrate } from "../../lib/database/migrate.ts";
import { createPool, type Pool } from "../../lib/pool.ts";
import { emptyDatabase, type TestDatabase } from "../support/database.ts";

setDefaultTimeout(60_000);

/** Names as files have them, each with what people type for it. */
const NAMES: readonly (readonly [string, ...string[]])[] = [
  ["Don't stop", "dont", "don't", "don’t", "don t", "stop"],
  ["Rock ’n’ Roll", "rock n roll", "rock 'n' roll", "roll"],
  ["Dont_Look-Back.v2", "don't", "look", "back", "v2"],
  ["L'été à l’Opéra", "ete", "ÉTÉ", "lete", "opera"],
  ["¿Cómo estás?", "como", "¿Cómo", "estas"],
  ["«Señorita» (live) [remix] {x}", "senorita", "live", "remix", "SEÑORITA"],
  ["“Quoted” „Name“ ‹one›", "quoted", "name", "one"],
  ["Straße nach Ålesund – Ærø", "strasse", "STRASSE", "straße", "alesund", "aero"],
  ["Łódź Đorđe smørrebrød", "lodz", "dorde", "smorrebrod"],
  ["İzmir ışık IŞIK", "izmir", "İZMİR", "ışık", "isik"],
  ["ΟΔΥΣΣΕΥΣ και Άννα", "Οδυσσεύς", "οδυσσευς", "αννα", "ΑΝΝΑ"],
  ["Москва ЁЛКА Їжак", "москва", "МОСКВА", "елка", "ёлка", "їжак"],
  ["שָׁלוֹם עולם", "שלום", "עולם"],
  ["مُحَمَّد العربية", "محمد", "العربية"],
  ["さくら《夜》・東京", "さくら", "くら", "夜", "東京", "京"],
  ["初音ミクの消失2", "ミク", "消失", "初音ミクの消失", "2"],
  ["ｶﾞﾝﾊﾞﾚ Ｆｕｌｌ", "ガンバレ", "バレ", "full"],
  ["千本桜、千年の独奏歌", "本桜", "独奏", "千年の独奏歌"],
  ["사랑해요 그대", "사랑", "랑해", "그대"],
  ["ภาษาไทย", "ไทย", "ภาษา"],
  ["हिन्दी गाना", "हिन्दी", "गाना"],
  ["Հայաստան", "հայաստան", "ՀԱՅԱՍՏԱՆ"],
  ["E\u0301te\u0301 ﬁnale x²", "été", "finale", "x2"],
  ["a\tb\\c\u00a0d\u200be", "b", "c", "de"],
];

const LOCALES = {
  C: "locale_provider libc locale 'C'",
  English: "locale_provider icu icu_locale 'en-US' locale 'C'",
  Turkish: "locale_provider icu icu_locale 'tr-TR' locale 'C'",
};

describe.each(Object.entries(LOCALES))("in a database of the locale %s", (name, locale) => {
  const database = `midiworks_words_${name.toLowerCase()}_${process.pid}`;
  let server: TestDatabase;
  let admin: Pool;
  let pool: Pool;

  beforeAll(async () => {
    server = await emptyDatabase();
    admin = await createPool({ url: server.url, workers: 1 });
    await admin.run((sql) => sql.unsafe(`create database ${database} template template0 encoding 'UTF8' ${locale}`));
    pool = await createPool({ url: server.url.replace(/\/[^/]*$/, `/${database}`), workers: 1 });
    await migrate(pool, name, "make");
  });
  afterAll(async () => {
    await pool.close();
    await admin.run((sql) => sql.unsafe(`drop database ${database} with (force)`));
    await admin.close();
    await server.close();
  });

  const missed = async (text: string, asked: readonly string[]) => {
    const rows = await pool.run(
      (sql) => sql<{ word: string }[]>`
        select word
        from unnest(${[...asked]}::text[]) as word
        where not search_words(${text}) @@ search_query(word)`,
    );
    return rows.map(({ word }) => word);
  };

  test("a name is found by itself, by its words and by what people type for them", async () => {
    for (const [text, ...asked] of NAMES) {
      expect([text, await missed(text, [text, ...asked])]).toEqual([text, []]);
    }
  });

  test("what is not there is not found, nor is anything by signs alone", async () => {
    expect(await missed("Don't stop 東京の夜", ["top", "京都", "夜の", "!?", "'", ""])).toHaveLength(6);
  });

  test("texts without end keep to their measure", async () => {
    const [sizes] = await pool.run(
      (sql) => sql<{ long: number; signs: number; quotes: number }[]>`
        select length(search_words(repeat('x', 60000))) as long, length(search_words(repeat('桜', 60000))) as signs,
          length(search_words(repeat('a''', 30000))) as quotes`,
    );
    expect({ ...sizes }).toEqual({ long: 1, signs: 4, quotes: 2 });
  });
});

import type { PoolSql } from "../../lib/pool.ts";

/**
 * Fills an empty library with made-up contents, one or two places each, and their analyses, spread as in collections
 * people have: a quarter at 120 bpm, four in five in 4/4, few in odd meters, common and rare instruments and words.
 * The same for the same count.
 */
export async function fillLibrary(sql: PoolSql, count: number): Promise<void> {
  await sql.unsafe(SETUP).simple();
  await sql`select fill_contents(${count})`;
  await sql`drop function fill_contents`;
  await sql`vacuum analyze`;
}

const SETUP = `
  create function fill_contents(n integer) returns void language plpgsql as $$
  declare
    keys text[] := array['C', 'G', 'D', 'A', 'F', 'E', 'Bb', 'Eb', 'B', 'Ab', 'F#', 'Db'];
    names text[];
    chords text[];
    tags text[];
  begin
    perform setseed(0.5);
    select array_agg('Instrument ' || i) into names from generate_series(0, 127) i;
    names[1:5] := array['Acoustic Grand Piano', 'Electric Bass (finger)', 'String Ensemble 1', 'Violin', 'Kalimba'];
    select array_agg(r || ':' || t order by o, p) into chords
      from unnest(keys) with ordinality as r (r, o),
      unnest(array['maj', 'min', '7', 'maj/3', 'min7', 'maj7', 'dim', 'sus4', 'dim7', 'hdim7']) with ordinality as t (t, p);
    tags := array['rock', 'pop', 'jazz', 'house', 'bass', 'drums', 'piano', 'loop', 'ambient', 'klezmer'];
    insert into roots (path) values ('/music');
    insert into contents (sha256, size, status, track_count, note_count, voice_count, analysis_state, split_state)
      select
        sha256(i::text::bytea), 5000 + i % 90000, (case when i % 97 = 0 then 'repaired' else 'ok' end)::content_status,
        5, i % 3000, 5, 'done', 'done'
      from generate_series(1, n) i;
    insert into files (root_id, path, member, state, content_id, size, modified_us, tags)
      select
        1, format('folder%s/word%s of word%s_%s.mid', id % 500, (random() ^ 3 * 20000)::int, (random() ^ 2 * 5000)::int, id),
        '', 'present', id, size, 0,
        case when id % 3 = 0
          then (select array_agg(distinct tags[1 + (random() ^ 2 * 10)::int % 10]) from generate_series(1, id % 4)) end
      from contents;
    insert into files (root_id, path, member, state, content_id, size, modified_us)
      select 1, format('copies/%s.mid', id), '', 'present', id, size, 0 from contents where id % 5 = 0;
    insert into analyses (
      content_id, analyzer_version, title, duration_seconds, tempo_bpm, tempo_confidence, performed, meter_numerator,
      meter_denominator, meter_confidence, key_tonic, key_mode, key_confidence, note_count, has_drums, instruments,
      families, chord_labels, loop_bars, notes_hash, tune_hash, features
    )
      select
        id, 1, format('Song %s', id), -ln(1 - random()) * 150,
        case when random() < 0.25 then 120 else 60 + random() ^ 2 * 140 end, random(), random() < 0.15,
        case when m < 0.8 then 4 when m < 0.9 then 3 when m < 0.94 then 6 when m < 0.97 then 2 when m < 0.975 then 5 end,
        case when m < 0.9 then 4 when m < 0.94 then 8 when m < 0.975 then 4 end,
        random(), case when id % 50 > 0 then keys[1 + (random() ^ 2 * 12)::int % 12] end,
        case when id % 50 > 0 then case when random() < 0.6 then 'major' else 'minor' end end,
        random(), note_count, random() < 0.6,
        (select array_agg(distinct names[1 + (random() ^ 3 * 128)::int % 128]) from generate_series(0, id % 7)),
        (select array_agg(distinct 'family ' || (random() ^ 2 * 16)::int % 16) from generate_series(0, id % 7)),
        (select array_agg(distinct chords[1 + (random() ^ 2 * 120)::int % 120]) from generate_series(1, id % 12)),
        case when id % 10 = 0 then 2 ^ (id % 40 / 10) end,
        md5(id::text), md5((id / 20 * 20 + least(id % 20, 18))::text),
        jsonb_build_object('text', jsonb_build_object(
          'title', format('Song %s', id),
          'trackNames', jsonb_build_array('Melody', 'Bass', 'Name' || (random() ^ 2 * 3000)::int),
          'lyrics', case when id % 10 = 0 then jsonb_build_object('text', (
            select string_agg('sing' || (random() ^ 3 * 10000)::int, ' ') from generate_series(1, 100 + id % 2)
          )) end
        ))
      from (select id, note_count, random() as m from contents) as contents;
  end $$`;

-- The schema as all migrations together make it: to read, not to run. Made by `bun run schema`; a test compares it.

create type content_status as enum ('ok', 'repaired', 'rejected');

create type file_state as enum ('present', 'part', 'archive', 'unreadable', 'gone');

create type phase_state as enum ('pending', 'claimed', 'done', 'failed', 'not_applicable');

create table analyses (
  content_id bigint not null,
  analyzer_version integer not null,
  title text,
  duration_seconds double precision,
  last_note_seconds double precision,
  bars real,
  tempo_bpm real,
  tempo_source text,
  tempo_confidence real,
  tempo_changes integer,
  performed boolean,
  meter_numerator smallint,
  meter_denominator smallint,
  meter_confidence real,
  key_tonic text,
  key_mode text,
  key_confidence real,
  note_count integer not null,
  pitch_low smallint,
  pitch_high smallint,
  unique_pitches smallint,
  velocity_mean real,
  polyphony_max integer,
  polyphony_mean real,
  notes_per_second real,
  has_drums boolean,
  instruments text[],
  families text[],
  chord_labels text[],
  loop_bars real,
  notes_hash text,
  tune_hash text,
  features json not null,
  chords json,
  chords_end_seconds double precision,
  fingerprint text,
  fingerprint_keys integer[],
  piece_group bigint,
  melody text,
  melody_keys integer[],
  progression_keys integer[],
  FOREIGN KEY (content_id) REFERENCES contents(id),
  PRIMARY KEY (content_id)
);
CREATE INDEX analyses_chords ON public.analyses USING gin (chord_labels);
CREATE INDEX analyses_duration ON public.analyses USING btree (duration_seconds);
CREATE INDEX analyses_fingerprint_keys ON public.analyses USING gin (fingerprint_keys) WITH (fastupdate=off);
CREATE INDEX analyses_instruments ON public.analyses USING gin (instruments);
CREATE INDEX analyses_key ON public.analyses USING btree ((((key_tonic || ' '::text) || key_mode)));
CREATE INDEX analyses_loop ON public.analyses USING btree (loop_bars) WHERE (loop_bars IS NOT NULL);
CREATE INDEX analyses_melody_keys ON public.analyses USING gin (melody_keys);
CREATE INDEX analyses_meter ON public.analyses USING btree (((((meter_numerator)::text || '/'::text) || (meter_denominator)::text)));
CREATE INDEX analyses_notes_hash ON public.analyses USING btree (notes_hash);
CREATE INDEX analyses_piece_group ON public.analyses USING btree (piece_group);
CREATE INDEX analyses_progression_keys ON public.analyses USING gin (progression_keys);
CREATE INDEX analyses_tempo ON public.analyses USING btree (tempo_bpm);
CREATE INDEX analyses_tune_hash ON public.analyses USING btree (tune_hash);
CREATE INDEX analyses_ungrouped ON public.analyses USING btree (content_id) WHERE (piece_group IS NULL);
CREATE INDEX analyses_version ON public.analyses USING btree (analyzer_version);

create table common_phrases (
  key integer not null,
  PRIMARY KEY (key)
);

create table common_phrases_counted (
  analyses double precision not null
);

create table contents (
  id bigint generated always as identity not null,
  sha256 bytea not null,
  size bigint not null,
  status content_status not null,
  error text,
  repairs jsonb,
  format smallint,
  ticks_per_quarter integer,
  smpte text,
  track_count integer,
  note_count integer,
  voice_count integer,
  analysis_state phase_state not null,
  analysis_attempts smallint default 0 not null,
  analysis_error text,
  analysis_owner integer,
  split_state phase_state not null,
  split_attempts smallint default 0 not null,
  split_error text,
  split_owner integer,
  split_by text,
  added_at timestamp with time zone default now() not null,
  CHECK ((octet_length(sha256) = 32)),
  PRIMARY KEY (id),
  UNIQUE (sha256)
) with (fillfactor=80);
CREATE INDEX contents_added ON public.contents USING btree (added_at);
CREATE INDEX contents_analysis_claimed ON public.contents USING btree (analysis_owner) WHERE (analysis_state = 'claimed'::phase_state);
CREATE INDEX contents_analysis_failed ON public.contents USING btree (id) WHERE (analysis_state = 'failed'::phase_state);
CREATE INDEX contents_analysis_pending ON public.contents USING btree (id) WHERE (analysis_state = 'pending'::phase_state);
CREATE INDEX contents_rejected ON public.contents USING btree (id) WHERE (status = 'rejected'::content_status);
CREATE INDEX contents_split_claimed ON public.contents USING btree (split_owner) WHERE (split_state = 'claimed'::phase_state);
CREATE INDEX contents_split_failed ON public.contents USING btree (id) WHERE (split_state = 'failed'::phase_state);
CREATE INDEX contents_split_pending ON public.contents USING btree (id) WHERE (split_state = 'pending'::phase_state);

create table files (
  id bigint generated always as identity not null,
  root_id integer not null,
  path text not null,
  member text default ''::text not null,
  state file_state not null,
  error text,
  content_id bigint,
  size bigint not null,
  modified_us bigint not null,
  name_bpm real,
  name_key text,
  tags text[],
  inode bigint,
  FOREIGN KEY (content_id) REFERENCES contents(id),
  FOREIGN KEY (root_id) REFERENCES roots(id),
  PRIMARY KEY (id),
  UNIQUE (root_id, path, member)
);
CREATE INDEX files_content ON public.files USING btree (content_id);
CREATE INDEX files_elsewhere ON public.files USING btree (state) WHERE (state <> 'present'::file_state);
CREATE INDEX files_tags ON public.files USING gin (tags) WHERE (tags IS NOT NULL);

create table midiworks_migrations (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone default now() not null,
  PRIMARY KEY (number)
);

create table parts (
  content_id bigint not null,
  number smallint not null,
  sha256 bytea not null,
  size bigint not null,
  path text not null,
  track integer,
  channel smallint,
  name text,
  program smallint,
  drum boolean not null,
  note_count integer not null,
  CHECK ((octet_length(sha256) = 32)),
  FOREIGN KEY (content_id) REFERENCES contents(id),
  PRIMARY KEY (content_id, number)
);
CREATE INDEX parts_sha256 ON public.parts USING btree (sha256);

create table roots (
  id integer generated always as identity not null,
  path text not null,
  imported_at timestamp with time zone,
  machine text,
  missing_since timestamp with time zone,
  PRIMARY KEY (id),
  UNIQUE (path)
);

create table runs (
  id integer generated always as identity not null,
  command text not null,
  machine text not null,
  pid integer not null,
  process_started text not null,
  started_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  PRIMARY KEY (id)
);
CREATE INDEX runs_alive ON public.runs USING btree (expires_at) WHERE (ended_at IS NULL);

create table tracks (
  content_id bigint not null,
  track integer not null,
  channel smallint not null,
  name text,
  program smallint,
  instrument text,
  family text,
  drum boolean not null,
  note_count integer not null,
  pitch_low smallint,
  pitch_high smallint,
  pitch_mean real,
  velocity_mean real,
  polyphonic_share real,
  sounding_seconds real,
  port smallint,
  bank_msb smallint,
  bank_lsb smallint,
  programs smallint[],
  role text,
  role_confidence real,
  FOREIGN KEY (content_id) REFERENCES contents(id),
  PRIMARY KEY (content_id, track, channel)
);

create table words (
  content_id bigint not null,
  words tsvector not null,
  FOREIGN KEY (content_id) REFERENCES contents(id),
  PRIMARY KEY (content_id)
);
CREATE INDEX words_words ON public.words USING gin (words);

CREATE OR REPLACE FUNCTION public.analysis_words(features json)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN text_words(((features -> 'text'::text))::jsonb)
;

CREATE OR REPLACE FUNCTION public.content_words(content bigint)
 RETURNS tsvector
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN joined_words(COALESCE((SELECT strip(search_words(string_agg(place_words(files.path, files.member, files.tags), ' '::text ORDER BY files.id))) AS strip FROM files WHERE ((files.content_id = content_words.content) AND (files.state = 'present'::file_state))), ''::tsvector), COALESCE((SELECT strip(analysis_words(analyses.features)) AS strip FROM analyses WHERE (analyses.content_id = content_words.content)), ''::tsvector))
;

CREATE OR REPLACE FUNCTION public.folded_words(words text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT COST 500
AS $function$
declare
  said text := left(words, 50000);
begin
  if octet_length(said) > length(said) then
    -- What people write for an apostrophe; some of these would fall apart into a space and a mark.
    said := translate(said, '’‘ʼʻ´`′＇', '''''''''''''''''');
    -- Marks of Latin, Greek, Cyrillic, Hebrew and Arabic go, and what is not seen; marks of other scripts are letters.
    said := normalize(said, NFKD);
    said := regexp_replace(
      said,
      '['
      || '\u00AD\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1-\u05C2\u05C4-\u05C5\u05C7\u0610-\u061A\u0640'
      || '\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7-\u06E8\u06EA-\u06ED\u1AB0-\u1ABD\u1ABF-\u1AEB'
      || '\u1DC0-\u1DFF\u200B-\u200F\u202A-\u202E\u2060-\u2064\u20D0-\u20DC\u20E1\u20E5-\u20F0\uFE00-\uFE0F'
      || '\uFE20-\uFE2F\uFEFF'
      || ']+',
      '', 'g'
    );
    said := normalize(said, NFC);
    if octet_length(said) > length(said) then
      -- Capitals, dotless i, final sigma, letters with a stroke: script by script, for each letter of a table costs time.
      if said ~ '[\u0080-\u024F]' then
        said := translate(
          said,
          'øđłħŧðıØĐŁĦŦÐŊƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƢƤƦƧƩƬƮƱƲƳƵƷƸƼǤǶǷȜȠȢȤȺȻȽȾɁɃɄɅɆɈɊɌɎ',
          'odlhtdiodlhtdŋɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵƣƥʀƨʃƭʈʊʋƴƶʒƹƽǥƕƿȝƞȣȥⱥȼƚⱦɂƀʉʌɇɉɋɍɏ'
        );
      end if;
      if said ~ '[\u1E00-\u2C7F]' then
        said := translate(
          said,
          'ỺỼỾℲↃⱠⱢⱣⱤⱧⱩⱫⱭⱮⱯⱰⱲⱵⱾⱿ',
          'ỻỽỿⅎↄⱡɫᵽɽⱨⱪⱬɑɱɐɒⱳⱶȿɀ'
        );
      end if;
      if said ~ '[\u0370-\u03FF]' then
        said := translate(
          said,
          'ςͰͲͶͿΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩϏϘϚϜϞϠϷϺϽϾϿ',
          'σͱͳͷϳαβγδεζηθικλμνξοπρστυφχψωϗϙϛϝϟϡϸϻͻͼͽ'
        );
      end if;
      if said ~ '[\u0400-\u045F]' then
        said := translate(
          said,
          'ЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ',
          'ђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюя'
        );
      end if;
      if said ~ '[\u0460-\u052F]' then
        said := translate(
          said,
          'ѠѢѤѦѨѪѬѮѰѲѴѸѺѼѾҀҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӃӅӇӉӋӍӔӘӠӨӶӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮ',
          'ѡѣѥѧѩѫѭѯѱѳѵѹѻѽѿҁҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӄӆӈӊӌӎӕәӡөӷӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯ'
        );
      end if;
      if said ~ '[\u0530-\u058F]' then
        said := translate(
          said,
          'ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ',
          'աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ'
        );
      end if;
      if said ~ '[\u1C90-\u1CBF]' then
        said := translate(
          said,
          'ᲐᲑᲒᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪᲫᲬᲭᲮᲯᲰᲱᲲᲳᲴᲵᲶᲷᲸᲹᲺᲽᲾᲿ',
          'აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰჱჲჳჴჵჶჷჸჹჺჽჾჿ'
        );
      end if;
      said := replace(replace(replace(replace(said, 'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae');
      said := replace(replace(replace(replace(said, 'œ', 'oe'), 'Œ', 'oe'), 'þ', 'th'), 'Þ', 'th');
    end if;
  else
    said := translate(said, '`', '''');
  end if;
  -- All that is no letter, no digit, no mark and no apostrophe parts words.
  return regexp_replace(
    lower(said collate "C"),
    '['
    || '\u0001-\u0026\u0028-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00BF\u00D7\u00F7\u02C2-\u02C5\u02D2-\u02EB'
      || '\u02ED\u02EF-\u02FF\u0375\u03F6\u0482\u055A-\u055F\u0589-\u05C6\u05F3-\u061F\u066A-\u066D\u06D4'
      || '\u06DD-\u06DE\u06E9\u06FD-\u06FE\u0700-\u070F\u07F6-\u07F9\u07FE-\u07FF\u0830-\u083E\u085E\u0888'
      || '\u0890-\u0891\u08E2\u0964-\u0965\u0970\u09F2-\u09F3\u09FA-\u09FB\u09FD\u0A76\u0AF0-\u0AF1\u0B70'
      || '\u0BF3-\u0BFA\u0C77\u0C7F\u0C84\u0D4F\u0D79\u0DF4\u0E3F\u0E4F\u0E5A-\u0E5B\u0F01-\u0F17\u0F1A-\u0F1F'
      || '\u0F34\u0F36\u0F38\u0F3A-\u0F3D\u0F85\u0FBE-\u0FC5\u0FC7-\u0FDA\u104A-\u104F\u109E-\u109F\u10FB'
      || '\u1360-\u1368\u1390-\u1399\u1400\u166D-\u166E\u1680\u169B-\u169C\u16EB-\u16ED\u1735-\u1736\u17D4-\u17D6'
      || '\u17D8-\u17DB\u1800-\u180A\u180E\u1940-\u1945\u19DE-\u19FF\u1A1E-\u1A1F\u1AA0-\u1AA6\u1AA8-\u1AAD'
      || '\u1B4E-\u1B4F\u1B5A-\u1B6A\u1B74-\u1B7F\u1BFC-\u1BFF\u1C3B-\u1C3F\u1C7E-\u1C7F\u1CC0-\u1CC7\u1CD3'
      || '\u2010-\u20C1\u2104-\u212E\u213A-\u214D\u214F\u218A-\u244A\u2500-\u2775\u2794-\u2BFF\u2CE5-\u2CEA'
      || '\u2CF9-\u2CFC\u2CFE-\u2CFF\u2D70\u2E00-\u2E2E\u2E30-\u3004\u3008-\u3020\u3030\u3037\u303D-\u303F\u30A0'
      || '\u30FB\u3190-\u3191\u31C0-\u31EF\u327F\u4DC0-\u4DFF\uA490-\uA4C6\uA4FE-\uA4FF\uA60D-\uA60F\uA673\uA67E'
      || '\uA6F2-\uA716\uA720-\uA721\uA789-\uA78A\uA828-\uA82B\uA836-\uA839\uA874-\uA877\uA8CE-\uA8CF\uA8F8-\uA8FA'
      || '\uA8FC\uA92E-\uA92F\uA95F\uA9C1-\uA9CD\uA9DE-\uA9DF\uAA5C-\uAA5F\uAA77-\uAA79\uAADE-\uAADF\uAAF0-\uAAF1'
      || '\uAB5B\uAB6A-\uAB6B\uABEB\uE000-\uF8FF\uFBB2-\uFE46\uFFF9-\uFFFD\U0001F000-\U0001FBFA'
      || '\U000E0001-\U000E007F\U000F0000-\U0010FFFD'
    || ']+',
    ' ', 'g'
  );
end $function$
;

CREATE OR REPLACE FUNCTION public.has_words(known tsvector, asked tsvector)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN ((length(known) >= length(asked)) AND (known = (known || asked)))
;

CREATE OR REPLACE FUNCTION public.is_crowded(content bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (SELECT (count(*) > 100) FROM (SELECT FROM files WHERE (files.content_id = is_crowded.content) LIMIT 101) place)
;

CREATE OR REPLACE FUNCTION public.joined_words(known tsvector, more tsvector)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN (pg_column_size(strip(known)) < 500000) THEN (known || more) ELSE known END
;

CREATE OR REPLACE FUNCTION public.parted_scripts(folded text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
begin
  if octet_length(folded) = length(folded) then
    return folded;
  end if;
  return regexp_replace(
    folded,
    '(['
    || '\u0E00-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u2E80-\u2FDF\u3005-\u3007\u3021-\u3029\u3031-\u3035'
      || '\u3041-\u30FF\u3105-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF'
      || '\U00020000-\U0003FFFF'
    || ']+)',
    E' \x01\\1 ', 'g'
  );
end $function$
;

CREATE OR REPLACE FUNCTION public.place_words(path text, member text, tags text[])
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
declare
  said text := path || ' ' || member || ' ' || coalesce(array_to_string(tags, ' '), '');
begin
  if octet_length(said) > length(said) and said ~ U&'[\F7A0-\F7FF]' then
    return translate(
      said,
      U&'\F7A0\F7A1\F7A2\F7A3\F7A4\F7A5\F7A6\F7A7\F7A8\F7A9\F7AA\F7AB\F7AC\F7AD\F7AE\F7AF\F7B0\F7B1\F7B2\F7B3\F7B4\F7B5\F7B6\F7B7\F7B8\F7B9\F7BA\F7BB\F7BC\F7BD\F7BE\F7BF\F7C0\F7C1\F7C2\F7C3\F7C4\F7C5\F7C6\F7C7\F7C8\F7C9\F7CA\F7CB\F7CC\F7CD\F7CE\F7CF\F7D0\F7D1\F7D2\F7D3\F7D4\F7D5\F7D6\F7D7\F7D8\F7D9\F7DA\F7DB\F7DC\F7DD\F7DE\F7DF\F7E0\F7E1\F7E2\F7E3\F7E4\F7E5\F7E6\F7E7\F7E8\F7E9\F7EA\F7EB\F7EC\F7ED\F7EE\F7EF\F7F0\F7F1\F7F2\F7F3\F7F4\F7F5\F7F6\F7F7\F7F8\F7F9\F7FA\F7FB\F7FC\F7FD\F7FE\F7FF',
      U&'\00A0\00A1\00A2\00A3\00A4\00A5\00A6\00A7\00A8\00A9\00AA\00AB\00AC\00AD\00AE\00AF\00B0\00B1\00B2\00B3\00B4\00B5\00B6\00B7\00B8\00B9\00BA\00BB\00BC\00BD\00BE\00BF\00C0\00C1\00C2\00C3\00C4\00C5\00C6\00C7\00C8\00C9\00CA\00CB\00CC\00CD\00CE\00CF\00D0\00D1\00D2\00D3\00D4\00D5\00D6\00D7\00D8\00D9\00DA\00DB\00DC\00DD\00DE\00DF\00E0\00E1\00E2\00E3\00E4\00E5\00E6\00E7\00E8\00E9\00EA\00EB\00EC\00ED\00EE\00EF\00F0\00F1\00F2\00F3\00F4\00F5\00F6\00F7\00F8\00F9\00FA\00FB\00FC\00FD\00FE\00FF'
    );
  end if;
  return said;
end $function$
;

CREATE OR REPLACE FUNCTION public.search_query(asked text)
 RETURNS tsquery
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT COST 500
AS $function$
declare
  terms text;
begin
  select string_agg(
    case
      when starts_with(word, E'\x01') and length(word) > 5 then (
        select string_agg(format('%L:*', sign), ' & ')
        from unnest(windows_of(substr(word, 2))) with ordinality as signs (sign, at)
        where at <= length(word) - 4
      )
      when starts_with(word, E'\x01') then format('%L:*', substr(word, 2))
      when strpos(word, '''') = 0 then format('%L:*', left(word, 100))
      else (
        select format('(%L:* | (%s))', left(translate(word, '''', ''), 100), string_agg(format('%L:*', left(part, 100)), ' & '))
        from string_to_table(word, '''') as part
        where part <> ''
      )
    end,
    ' & '
  )
  into terms
  from string_to_table(parted_scripts(folded_words(asked)), ' ') as word
  where translate(word, '''', '') <> '';
  return coalesce(terms, ''' ''')::tsquery;
end $function$
;

CREATE OR REPLACE FUNCTION public.search_words(words text)
 RETURNS tsvector
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT COST 500
AS $function$
declare
  said text := parted_scripts(folded_words(words));
  plain text := translate(said, '''', ' ');
  found text[] := array(
    select left(word, 100)
    from string_to_table(case when plain = said then said else plain || ' ' || translate(said, '''', '') end, ' ') as word
    where word <> '' and not starts_with(word, E'\x01')
  );
begin
  if strpos(said, E'\x01') > 0 then
    found := found || array(
      select sign
      from string_to_table(plain, ' ') as word, unnest(windows_of(substr(word, 2))) as sign
      where starts_with(word, E'\x01')
    );
  end if;
  return array_to_tsvector(found);
end $function$
;

CREATE OR REPLACE FUNCTION public.text_words(texts jsonb)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT COST 5000
RETURN search_words(concat_ws(' '::text, (texts ->> 'title'::text), (texts ->> 'artist'::text), (texts ->> 'copyright'::text), (SELECT string_agg(item.value, ' '::text) AS string_agg FROM unnest(ARRAY['trackNames'::text, 'instrumentNames'::text, 'comments'::text]) list(list), LATERAL jsonb_array_elements_text(CASE WHEN (jsonb_typeof((text_words.texts -> list.list)) = 'array'::text) THEN (text_words.texts -> list.list) ELSE NULL::jsonb END) item(value)), (texts #>> '{lyrics,text}'::text[])))
;

CREATE OR REPLACE FUNCTION public.windows_of(word text)
 RETURNS text[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
begin
  return array(
    select concat(sign, lead(sign, 1) over later, lead(sign, 2) over later, lead(sign, 3) over later)
    from string_to_table(word, null) with ordinality as signs (sign, at)
    window later as (order by at)
  );
end $function$
;

CREATE OR REPLACE FUNCTION public.words_of_analyses()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into words as known (content_id, words)
  select content_id, coalesce(strip(analysis_words(features)), '')
  from new_analyses
  order by content_id
  on conflict (content_id) do update
  set words = joined_words(known.words, excluded.words)
  where not has_words(known.words, excluded.words);
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.words_of_changed_places()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  changed bigint[] := array(
    select distinct content_id
    from (
      (
        select id, content_id, state, path, tags from old_files
        except
        select id, content_id, state, path, tags from new_files
      )
      union all
      (
        select id, content_id, state, path, tags from new_files
        except
        select id, content_id, state, path, tags from old_files
      )
    ) as place
    where content_id is not null
    order by content_id
  );
  crowded bigint[] := array(select content from unnest(changed) as content where is_crowded(content));
begin
  if changed = '{}' then
    return null;
  end if;
  insert into words select content, '' from unnest(changed) as content order by content on conflict do nothing;
  perform from words where content_id = any(changed) order by content_id for update;
  update words
  set words = anew.words
  from (
    select content, content_words(content) as words
    from unnest(changed) as content
    where not content = any(crowded)
    offset 0 -- gathered once
  ) as anew
  where words.content_id = anew.content and words.words <> anew.words;
  update words
  set words = joined_words(words.words, more.words)
  from (
    select content_id, strip(search_words(string_agg(place_words(path, member, tags), ' ' order by id))) as words
    from new_files
    where content_id = any(crowded) and state = 'present'
    group by content_id
  ) as more
  where words.content_id = more.content_id and length(words.words) < 3000 and not has_words(words.words, more.words);
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.words_of_places()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into words as known (content_id, words)
  select content_id, strip(search_words(string_agg(place_words(path, member, tags), ' ' order by id)))
  from new_files
  where content_id is not null and state = 'present'
  group by content_id
  order by content_id
  on conflict (content_id) do update
  set words = joined_words(known.words, excluded.words)
  where length(known.words) < 3000 and not has_words(known.words, excluded.words);
  return null;
end $function$
;

CREATE TRIGGER words_of_changed_analyses AFTER UPDATE ON public.analyses REFERENCING NEW TABLE AS new_analyses FOR EACH STATEMENT EXECUTE FUNCTION words_of_analyses();

CREATE TRIGGER words_of_new_analyses AFTER INSERT ON public.analyses REFERENCING NEW TABLE AS new_analyses FOR EACH STATEMENT EXECUTE FUNCTION words_of_analyses();

CREATE TRIGGER words_of_changed_places AFTER UPDATE ON public.files REFERENCING OLD TABLE AS old_files NEW TABLE AS new_files FOR EACH STATEMENT EXECUTE FUNCTION words_of_changed_places();

CREATE TRIGGER words_of_new_places AFTER INSERT ON public.files REFERENCING NEW TABLE AS new_files FOR EACH STATEMENT EXECUTE FUNCTION words_of_places();

create view duplicates as
 SELECT contents.id,
    place.paths[1] AS path,
    place.copies,
    place.paths,
    contents.size,
    (contents.size * GREATEST((place.files - 1), (0)::bigint)) AS bytes_to_spare
   FROM (( SELECT file.content_id,
            (count(*))::integer AS copies,
            count(*) FILTER (WHERE (NOT file.is_member)) AS files,
            array_agg(file.path ORDER BY file.is_member, file.id) AS paths
           FROM ( SELECT places.content_id,
                    min(places.id) AS id,
                    (array_agg(places.path ORDER BY places.id))[1] AS path,
                    bool_and((places.member IS NOT NULL)) AS is_member
                   FROM places
                  WHERE ((places.state = 'present'::file_state) AND places.at_hand)
                  GROUP BY places.content_id, places.same_file) file
          GROUP BY file.content_id
         HAVING (count(*) > 1)) place
     JOIN contents ON ((contents.id = place.content_id)));

create view failures as
 SELECT 'import'::text AS phase,
    places.path,
    places.error AS reason,
    places.content_id
   FROM places
  WHERE ((places.state = ANY (ARRAY['archive'::file_state, 'unreadable'::file_state])) AND (places.error IS NOT NULL))
UNION ALL
 SELECT failure.phase,
    place.path,
    failure.reason,
    failure.content_id
   FROM (( SELECT 'import'::text AS phase,
            contents.error AS reason,
            contents.id AS content_id
           FROM contents
          WHERE (contents.status = 'rejected'::content_status)
        UNION ALL
         SELECT 'analysis'::text,
            contents.analysis_error,
            contents.id
           FROM contents
          WHERE (contents.analysis_state = 'failed'::phase_state)
        UNION ALL
         SELECT 'split'::text,
            contents.split_error,
            contents.id
           FROM contents
          WHERE (contents.split_state = 'failed'::phase_state)) failure
     LEFT JOIN LATERAL ( SELECT places.path
           FROM places
          WHERE (places.content_id = failure.content_id)
          ORDER BY (places.state <> 'present'::file_state), places.id
         LIMIT 1) place ON (true));

create view library as
 SELECT analyses.content_id AS id,
    place.path,
    COALESCE(analyses.title, regexp_replace(place.path, '^.*/|\.[^./]*$'::text, ''::text, 'g'::text)) AS title,
    analyses.tempo_bpm AS tempo,
    ((analyses.key_tonic || ' '::text) || analyses.key_mode) AS key,
    (((analyses.meter_numerator)::text || '/'::text) || (analyses.meter_denominator)::text) AS meter,
    analyses.duration_seconds AS duration,
    analyses.bars,
    analyses.loop_bars,
    analyses.note_count AS notes,
    analyses.has_drums AS drums,
    analyses.performed,
    analyses.instruments,
    analyses.families,
    analyses.chord_labels AS chords,
    ( SELECT array_agg(DISTINCT tag.tag ORDER BY tag.tag) AS array_agg
           FROM files,
            LATERAL unnest(files.tags) tag(tag)
          WHERE (files.content_id = analyses.content_id)) AS tags,
    analyses.tempo_confidence,
    analyses.key_confidence,
    analyses.meter_confidence,
    ( SELECT (count(DISTINCT places.same_file))::integer AS count
           FROM places
          WHERE ((places.content_id = analyses.content_id) AND (places.state = 'present'::file_state) AND (places.at_hand >= place.at_hand))) AS copies,
    encode(contents.sha256, 'hex'::text) AS sha256,
    contents.size,
    (contents.status = 'repaired'::content_status) AS repaired,
    place.file,
    place.member,
    analyses.notes_hash,
    analyses.tune_hash,
    analyses.piece_group
   FROM ((analyses
     LEFT JOIN contents ON ((contents.id = analyses.content_id)))
     JOIN LATERAL ( SELECT places.id,
            places.content_id,
            places.state,
            places.path,
            places.file,
            places.member,
            places.size,
            places.modified,
            places.error,
            places.tags,
            places.at_hand,
            places.same_file,
            places.imported_at
           FROM places
          WHERE ((places.content_id = analyses.content_id) AND (places.state = 'present'::file_state))
          ORDER BY (NOT places.at_hand), (places.member IS NOT NULL), places.imported_at DESC NULLS LAST, places.id
         LIMIT 1) place ON (true));

create view near_duplicates as
 WITH piece AS (
         SELECT analyses.content_id,
            analyses.notes_hash,
            analyses.tune_hash,
            analyses.piece_group
           FROM analyses
          WHERE ((analyses.note_count >= 16) AND (EXISTS ( SELECT
                   FROM files
                  WHERE ((files.content_id = analyses.content_id) AND (files.state = 'present'::file_state)))))
        )
 SELECT 'notes'::text AS same,
    piece.notes_hash AS hash,
    (count(*))::integer AS contents,
    array_agg(piece.content_id ORDER BY piece.content_id) AS ids
   FROM piece
  GROUP BY piece.notes_hash
 HAVING (count(*) > 1)
UNION ALL
 SELECT 'tune'::text AS same,
    piece.tune_hash AS hash,
    (count(*))::integer AS contents,
    array_agg(piece.content_id ORDER BY piece.content_id) AS ids
   FROM piece
  GROUP BY piece.tune_hash
 HAVING (count(DISTINCT piece.notes_hash) > 1)
UNION ALL
 SELECT 'piece'::text AS same,
    (piece.piece_group)::text AS hash,
    (count(*))::integer AS contents,
    array_agg(piece.content_id ORDER BY piece.content_id) AS ids
   FROM piece
  WHERE (piece.piece_group IS NOT NULL)
  GROUP BY piece.piece_group
 HAVING (count(DISTINCT piece.tune_hash) > 1);

create view part_files as
 SELECT parts.path,
    parts.name,
    parts.track,
    parts.channel,
    parts.program,
    parts.drum,
    parts.note_count AS notes,
    parts.size,
    parts.content_id AS parent_id,
    place.path AS parent
   FROM (parts
     LEFT JOIN LATERAL ( SELECT places.path
           FROM places
          WHERE (places.content_id = parts.content_id)
          ORDER BY (places.state <> 'present'::file_state), places.id
         LIMIT 1) place ON (true));

create view places as
 SELECT files.id,
    files.content_id,
    files.state,
    (((roots.path || '/'::text) || files.path) ||
        CASE
            WHEN (files.member = ''::text) THEN ''::text
            ELSE ('!/'::text || files.member)
        END) AS path,
    ((roots.path || '/'::text) || files.path) AS file,
    NULLIF(files.member, ''::text) AS member,
    files.size,
    to_timestamp((((files.modified_us)::numeric / '1000000'::numeric))::double precision) AS modified,
    files.error,
    files.tags,
    (roots.missing_since IS NULL) AS at_hand,
    COALESCE(((files.inode || ' '::text) || files.modified_us), ('place '::text || files.id)) AS same_file,
    roots.imported_at
   FROM (files
     JOIN roots ON ((roots.id = files.root_id)));

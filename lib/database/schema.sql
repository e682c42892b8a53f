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
CREATE INDEX analyses_fingerprint_keys ON public.analyses USING gin (fingerprint_keys);
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
  CHECK ((octet_length(sha256) = 32)),
  PRIMARY KEY (id),
  UNIQUE (sha256)
) with (fillfactor=80);
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

CREATE OR REPLACE FUNCTION public.search_words(words text)
 RETURNS tsvector
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT COST 500
AS $function$
begin
  return to_tsvector('simple', translate(normalize(left(words, 50000)), '/.-+@&<', '       '));
end $function$
;

CREATE OR REPLACE FUNCTION public.text_words(texts jsonb)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT COST 5000
RETURN search_words(((((((COALESCE((texts ->> 'title'::text), ''::text) || ' '::text) || COALESCE((texts ->> 'copyright'::text), ''::text)) || ' '::text) || replace(replace((COALESCE((texts ->> 'trackNames'::text), ''::text) || COALESCE((texts ->> 'comments'::text), ''::text)), '\n'::text, ' '::text), '\r'::text, ' '::text)) || ' '::text) || COALESCE((texts #>> '{lyrics,text}'::text[]), ''::text)))
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

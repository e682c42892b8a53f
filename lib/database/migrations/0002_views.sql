-- What people type: views under plain names, and the indexes that find music among millions of rows.

-- The words of a text, in lower case. Marks by which the parser would make one word of several (paths, hosts, hyphens)
-- part them. Only the first 50,000 characters count, so that no text is too long for its words. What finding words
-- costs is said, lest the planner does it for every row.
create function search_words(words text) returns tsvector
language plpgsql immutable strict parallel safe cost 500 as $$
begin
  return to_tsvector('simple', translate(left(words, 50000), '/.-+@&<', '       '));
end $$;

-- The words of an analysis: title, copyright, names of tracks, comments and lyrics. Lists come as JSON, whose line
-- breaks are written out. Two functions, so that the large JSON is unpacked once.
create function text_words(texts jsonb) returns tsvector
language sql immutable strict parallel safe cost 5000
return search_words(
  coalesce(texts ->> 'title', '') || ' ' || coalesce(texts ->> 'copyright', '') || ' '
  || replace(replace(coalesce(texts ->> 'trackNames', '') || coalesce(texts ->> 'comments', ''), '\n', ' '), '\r', ' ')
  || ' ' || coalesce(texts #>> '{lyrics,text}', '')
);
create function analysis_words(features jsonb) returns tsvector
language sql immutable strict parallel safe
return text_words(features -> 'text');

create index analyses_tempo on analyses (tempo_bpm);
create index analyses_duration on analyses (duration_seconds);
create index analyses_key on analyses ((key_tonic || ' ' || key_mode));
create index analyses_meter on analyses ((meter_numerator::text || '/' || meter_denominator::text));
create index analyses_loop on analyses (loop_bars) where loop_bars is not null;
create index analyses_notes_hash on analyses (notes_hash);
create index analyses_tune_hash on analyses (tune_hash);
create index analyses_instruments on analyses using gin (instruments);
create index analyses_chords on analyses using gin (chord_labels);
create index analyses_words on analyses using gin (analysis_words(features));
create index files_words on files using gin (search_words(path));
create index files_tags on files using gin (tags) where tags is not null;

-- Few rows, asked for by status and by the view of failures.
create index contents_rejected on contents (id) where status = 'rejected';
create index files_elsewhere on files (state) where state <> 'present';

-- A place as one line: /music/pack.zip!/drums/loop.mid.
create view places as
select
  files.id, files.content_id, files.state,
  roots.path || '/' || files.path || case when files.member = '' then '' else '!/' || files.member end as path,
  -- the file on disk: the archive for its members
  roots.path || '/' || files.path as file,
  nullif(files.member, '') as member,
  files.size, to_timestamp(files.modified_us / 1e6) as modified, files.error, files.tags
from files
join roots on roots.id = files.root_id;

-- One row per piece of music that is analysed and still somewhere: what it is, how sure that is, where it lies.
-- null is "not known", never zero. tempo in beats a minute, duration in seconds, confidences from 0 to 1.
create view library as
select
  analyses.content_id as id,
  place.path,
  coalesce(analyses.title, regexp_replace(place.path, '^.*/|\.[^./]*$', '', 'g')) as title,
  analyses.tempo_bpm as tempo,
  analyses.key_tonic || ' ' || analyses.key_mode as key,
  analyses.meter_numerator::text || '/' || analyses.meter_denominator::text as meter,
  analyses.duration_seconds as duration,
  analyses.bars,
  analyses.loop_bars,
  analyses.note_count as notes,
  analyses.has_drums as drums,
  analyses.performed,
  analyses.instruments,
  analyses.families,
  analyses.chord_labels as chords,
  (
    select array_agg(distinct tag order by tag)
    from files, unnest(files.tags) as tag
    where files.content_id = analyses.content_id
  ) as tags,
  analyses.tempo_confidence,
  analyses.key_confidence,
  analyses.meter_confidence,
  (select count(*)::int from files where content_id = analyses.content_id and state = 'present') as copies,
  encode(contents.sha256, 'hex') as sha256,
  contents.size,
  contents.status = 'repaired' as repaired,
  place.file,
  place.member,
  analyses.notes_hash,
  analyses.tune_hash
from analyses
left join contents on contents.id = analyses.content_id
join lateral (
  select *
  from places
  where places.content_id = analyses.content_id and places.state = 'present'
  -- what can be opened as it is comes before members of archives
  order by places.member is not null, places.id
  limit 1
) as place on true;

-- Byte for byte the same at several places: all but one could go.
create view duplicates as
select
  contents.id, place.paths[1] as path, place.copies, place.paths, contents.size,
  contents.size * (place.copies - 1) as bytes_to_spare
from (
  select content_id, count(*)::int as copies, array_agg(path order by member is not null, id) as paths
  from places
  where state = 'present'
  group by content_id
  having count(*) > 1
) as place
join contents on contents.id = place.content_id;

-- The same music in different files. notes: the same notes, whatever the metas, tracks and sounds; tune: the same also
-- when transposed or played at other lengths. Pieces of few notes are alike by chance and left out.
create view near_duplicates as
select
  'notes' as same, notes_hash as hash, count(*)::int as contents, array_agg(content_id order by content_id) as ids
from analyses
where note_count >= 16
group by notes_hash
having count(*) > 1
union all
select 'tune', tune_hash, count(*)::int, array_agg(content_id order by content_id)
from analyses
where note_count >= 16
group by tune_hash
having count(distinct notes_hash) > 1;

-- What went wrong, and where.
create view failures as
select 'import' as phase, places.path, places.error as reason, places.content_id
from places
where places.state in ('archive', 'unreadable') and places.error is not null
union all
select failure.phase, place.path, failure.reason, failure.content_id
from (
  select 'import' as phase, error as reason, id as content_id
  from contents
  where status = 'rejected'
  union all
  select 'analysis', analysis_error, id
  from contents
  where analysis_state = 'failed'
  union all
  select 'split', split_error, id
  from contents
  where split_state = 'failed'
) as failure
left join lateral (
  select path
  from places
  where places.content_id = failure.content_id
  order by places.state <> 'present', places.id
  limit 1
) as place on true;

-- The parts that were cut, with what they were cut from. path is relative to the folder of parts.
create view part_files as
select
  parts.path, parts.name, parts.track, parts.channel, parts.program, parts.drum, parts.note_count as notes, parts.size,
  parts.content_id as parent_id, place.path as parent
from parts
left join lateral (
  select path
  from places
  where places.content_id = parts.content_id
  order by places.state <> 'present', places.id
  limit 1
) as place on true;

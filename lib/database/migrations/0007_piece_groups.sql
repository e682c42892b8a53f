-- The same piece in other hands: each analysis has a fingerprint, and each piece of music a group that it shares with its
-- other performances, arrangements, keys and copies.

alter table analyses
  -- a sample of its phrases, see lib/analysis/identity
  add column fingerprint text,
  -- those of its phrases by which others are looked for
  add column fingerprint_keys integer[],
  -- the smallest number of a content that was in the group when it was made; null until it is looked for
  add column piece_group bigint;

-- Looked into for every new piece: a list of pending entries, read whole each time, made that ten times as slow.
create index analyses_fingerprint_keys on analyses using gin (fingerprint_keys) with (fastupdate = off);
create index analyses_piece_group on analyses (piece_group);
create index analyses_ungrouped on analyses (content_id) where piece_group is null;

-- Phrases of very many pieces, scales and figures: nobody is looked for by them. Counted anew as the library grows.
create table common_phrases (
  key integer primary key
);
create table common_phrases_counted (
  -- analyses when they were counted last
  analyses double precision not null
);
insert into common_phrases_counted values (0);

-- As before, with the group of the piece.
create or replace view library as
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
  (
    select count(distinct same_file)::int
    from places
    where content_id = analyses.content_id and state = 'present' and at_hand >= place.at_hand
  ) as copies,
  encode(contents.sha256, 'hex') as sha256,
  contents.size,
  contents.status = 'repaired' as repaired,
  place.file,
  place.member,
  analyses.notes_hash,
  analyses.tune_hash,
  analyses.piece_group
from analyses
left join contents on contents.id = analyses.content_id
join lateral (
  select *
  from places
  where places.content_id = analyses.content_id and places.state = 'present'
  -- what can be opened as it is comes before members of archives
  order by not places.at_hand, places.member is not null, places.imported_at desc nulls last, places.id
  limit 1
) as place on true;

-- As before, with pieces in other hands.
create or replace view near_duplicates as
with piece as (
  select analyses.content_id, notes_hash, tune_hash, piece_group
  from analyses
  where note_count >= 16
    and exists (select from files where files.content_id = analyses.content_id and files.state = 'present')
)
select 'notes' as same, notes_hash as hash, count(*)::int as contents, array_agg(content_id order by content_id) as ids
from piece
group by notes_hash
having count(*) > 1
union all
select 'tune', tune_hash, count(*)::int, array_agg(content_id order by content_id)
from piece
group by tune_hash
having count(distinct notes_hash) > 1
union all
select 'piece', piece_group::text, count(*)::int, array_agg(content_id order by content_id)
from piece
where piece_group is not null
group by piece_group
having count(distinct tune_hash) > 1;

-- Folders that moved, and links: what is no copy must not look like one.

alter table roots
  -- when an import of it was last finished, and on which machine
  add column imported_at timestamptz,
  add column machine text,
  -- since when its machine has no folder there; null while it has
  add column missing_since timestamptz;

-- The number the file system knows the file by. Places of one content with one number and one time are one file, linked.
alter table files add column inode bigint;

-- A place as one line, as before; `at_hand` where its root is not known to be missing, `same_file` alike for links.
create or replace view places as
select
  files.id, files.content_id, files.state,
  roots.path || '/' || files.path || case when files.member = '' then '' else '!/' || files.member end as path,
  -- the file on disk: the archive for its members
  roots.path || '/' || files.path as file,
  nullif(files.member, '') as member,
  files.size, to_timestamp(files.modified_us / 1e6) as modified, files.error, files.tags,
  roots.missing_since is null as at_hand,
  coalesce(files.inode || ' ' || files.modified_us, 'place ' || files.id) as same_file,
  roots.imported_at
from files
join roots on roots.id = files.root_id;

-- As before, but the place shown is one that is at hand and was seen last.
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
  analyses.tune_hash
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

-- Byte for byte the same in several files at hand: all but one could go. Links to one file are one, and what lies in an
-- archive cannot go by itself. This is what the last imports saw; `duplicates.ts` looks at the disk.
drop view duplicates;
create view duplicates as
select
  contents.id, place.paths[1] as path, place.copies, place.paths, contents.size,
  contents.size * greatest(place.files - 1, 0) as bytes_to_spare
from (
  select
    content_id, count(*)::int as copies, count(*) filter (where not is_member) as files,
    array_agg(path order by is_member, id) as paths
  from (
    select
      content_id, min(id) as id, (array_agg(path order by id))[1] as path, bool_and(member is not null) as is_member
    from places
    where state = 'present' and at_hand
    group by content_id, same_file
  ) as file
  group by content_id
  having count(*) > 1
) as place
join contents on contents.id = place.content_id;

-- The same music in different files, of those that are still somewhere.
create or replace view near_duplicates as
with piece as (
  select analyses.content_id, notes_hash, tune_hash
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
having count(distinct notes_hash) > 1;

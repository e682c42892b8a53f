-- One content may stand at a hundred thousand places (an empty file, a licence's page under a wrong name). What its
-- places say is gathered up to a measure that hardly any piece comes near by itself; storing one more must not cost more
-- the more there are.
create or replace function words_of_places() returns trigger language plpgsql as $$
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
end $$;

-- As many places as search_words() takes in; which of more they are is all one.
create or replace function content_words(content bigint) returns tsvector
language sql stable parallel safe
return joined_words(
  coalesce(
    (
      select strip(search_words(string_agg(place_words(path, member, tags), ' ' order by id)))
      from (
        select id, path, member, tags
        from files
        where content_id = content and state = 'present'
        limit 1000
      ) as places
    ),
    ''
  ),
  coalesce((select strip(analysis_words(features)) from analyses where content_id = content), '')
);

-- As before, but the old rows and the new ones are not joined: the plan of a join, made for the few rows of a first
-- statement and kept, compares every row with every other when thousands change.
create or replace function words_of_changed_places() returns trigger language plpgsql as $$
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
begin
  if changed = '{}' then
    return null;
  end if;
  insert into words select content, '' from unnest(changed) as content order by content on conflict do nothing;
  perform from words where content_id = any(changed) order by content_id for update;
  update words
  set words = content_words(content_id)
  where content_id = any(changed) and words <> content_words(content_id);
  return null;
end $$;

-- One content may stand at a hundred thousand places (an empty file, a licence's page under a wrong name). Storing one
-- more, or marking one gone, must not cost more the more there are.

-- What places say is gathered up to a measure that hardly any piece comes near by itself.
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

-- Whether a content has had too many places to gather their words anew at every change.
create function is_crowded(content bigint) returns boolean
language sql stable parallel safe
return (select count(*) > 100 from (select from files where content_id = content limit 101) as place);

-- As before, but a crowded content only gains words: it keeps those of places that went. And old rows and new ones are
-- not joined: the plan of a join, made for the few rows of a first statement and kept, compares every row with every
-- other when thousands change.
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
end $$;

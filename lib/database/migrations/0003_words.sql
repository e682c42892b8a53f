-- The words by which a content is found, whichever of its places or texts they come from: one list a content and one
-- index, so that words of a path, a title and a lyric can be asked for together. Kept by triggers, whoever writes.

-- As before, but composed: names from macOS come decomposed.
create or replace function search_words(words text) returns tsvector
language plpgsql immutable strict parallel safe cost 500 as $$
begin
  return to_tsvector('simple', translate(normalize(left(words, 50000)), '/.-+@&<', '       '));
end $$;

drop index analyses_words;
drop index files_words;

create table words (
  content_id bigint primary key references contents,
  -- sorted, without positions
  words tsvector not null
);

-- Both lists in one; a list that has grown beyond all measure stays as it is, for a tsvector ends at 1 MB.
create function joined_words(known tsvector, more tsvector) returns tsvector
language sql immutable strict parallel safe
return case when pg_column_size(strip(known)) < 500000 then known || more else known end;

create function has_words(known tsvector, asked tsvector) returns boolean
language sql immutable strict parallel safe
return length(known) >= length(asked) and known = known || asked;

-- What a place says. Names that came as single bytes, which path-text.ts writes as U+F700 + byte, are taken for Latin-1.
create function place_words(path text, member text, tags text[]) returns text
language plpgsql immutable parallel safe as $$
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
end $$;

-- All words of a content, found anew.
create function content_words(content bigint) returns tsvector
language sql stable parallel safe
return joined_words(
  coalesce(
    (
      select strip(search_words(string_agg(place_words(path, member, tags), ' ' order by id)))
      from files
      where content_id = content and state = 'present'
    ),
    ''
  ),
  coalesce((select strip(analysis_words(features)) from analyses where content_id = content), '')
);

insert into words
select id, content_words(id)
from contents
where status <> 'rejected';

create index words_words on words using gin (words);

-- Adds words to the lists of contents, in the order of their numbers, lest two who add wait for each other.
create function words_of_places() returns trigger language plpgsql as $$
begin
  insert into words as known (content_id, words)
  select content_id, strip(search_words(string_agg(place_words(path, member, tags), ' ' order by id)))
  from new_files
  where content_id is not null and state = 'present'
  group by content_id
  order by content_id
  on conflict (content_id) do update
  set words = joined_words(known.words, excluded.words)
  where not has_words(known.words, excluded.words);
  return null;
end $$;
create trigger words_of_new_places after insert on files
referencing new table as new_files
for each statement execute function words_of_places();

-- A place that went takes its words along. The lists are locked first; what others added meanwhile is seen then.
create function words_of_changed_places() returns trigger language plpgsql as $$
declare
  changed bigint[] := array(
    select distinct content
    from old_files
    join new_files using (id), unnest(array[old_files.content_id, new_files.content_id]) as content
    where content is not null
      and (old_files.content_id, old_files.state, old_files.path, old_files.tags)
        is distinct from (new_files.content_id, new_files.state, new_files.path, new_files.tags)
    order by content
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
create trigger words_of_changed_places after update on files
referencing old table as old_files new table as new_files
for each statement execute function words_of_changed_places();

create function words_of_analyses() returns trigger language plpgsql as $$
begin
  insert into words as known (content_id, words)
  select content_id, coalesce(strip(analysis_words(features)), '')
  from new_analyses
  order by content_id
  on conflict (content_id) do update
  set words = joined_words(known.words, excluded.words)
  where not has_words(known.words, excluded.words);
  return null;
end $$;
create trigger words_of_new_analyses after insert on analyses
referencing new table as new_analyses
for each statement execute function words_of_analyses();
create trigger words_of_changed_analyses after update on analyses
referencing new table as new_analyses
for each statement execute function words_of_analyses();

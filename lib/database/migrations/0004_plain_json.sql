-- What is only handed out is kept as it came: to make jsonb of the analysis of a piece is a third of the work of
-- storing it, and takes a quarter more room.
drop function content_words(bigint);
alter table analyses
  alter features type json using features::json,
  alter chords type json using chords::json;
drop function analysis_words(jsonb);

create function analysis_words(features json) returns tsvector
language sql immutable strict parallel safe
return text_words((features -> 'text')::jsonb);

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

-- Which analyses are an older analyser's? Asked at every start.
create index analyses_version on analyses (analyzer_version);

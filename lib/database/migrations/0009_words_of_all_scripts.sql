-- One place cuts words, for what is stored and for what is asked, and the same on every server: PostgreSQL's own parser and
-- lower() go by the locale of the database, and in the C locale they glue quotes, brackets and CJK signs to the words.

-- A text as it is compared: without case and accents, a space between words. Apostrophes stay. Only its first 50,000
-- characters count, so that no text is too long.
create function folded_words(words text) returns text
language plpgsql immutable strict parallel safe cost 500 as $$
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
end $$;

-- Scripts that put no spaces between words, and Korean, whose words are long: found from the middle. They stand apart from
-- letters and digits of others.
create function parted_scripts(folded text) returns text
language plpgsql immutable strict parallel safe cost 100 as $$
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
end $$;

-- By four signs at a time, from every sign on.
create function windows_of(word text) returns text[]
language plpgsql immutable strict parallel safe cost 100 as $$
begin
  return array(
    select concat(sign, lead(sign, 1) over later, lead(sign, 2) over later, lead(sign, 3) over later)
    from string_to_table(word, null) with ordinality as signs (sign, at)
    window later as (order by at)
  );
end $$;

-- The words of a text: "don't" as don, t and dont.
create or replace function search_words(words text) returns tsvector
language plpgsql immutable strict parallel safe cost 500 as $$
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
end $$;

-- What asks for words, or their beginnings: all of them. No word at all asks for what nothing has.
create function search_query(asked text) returns tsquery
language plpgsql immutable strict parallel safe cost 500 as $$
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
end $$;

-- The words of an analysis: title, artist, copyright, names of tracks and instruments, comments and lyrics.
create or replace function text_words(texts jsonb) returns tsvector
language sql immutable strict parallel safe cost 5000
return search_words(concat_ws(
  ' ', texts ->> 'title', texts ->> 'artist', texts ->> 'copyright',
  (
    select string_agg(item, ' ')
    from unnest(array['trackNames', 'instrumentNames', 'comments']) as list,
      jsonb_array_elements_text(case when jsonb_typeof(texts -> list) = 'array' then texts -> list end) as item
  ),
  texts #>> '{lyrics,text}'
));

drop index words_words;
truncate words;
insert into words
select id, content_words(id)
from contents
where status <> 'rejected';
create index words_words on words using gin (words);

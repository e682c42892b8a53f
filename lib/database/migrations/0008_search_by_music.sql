-- Search by music: what the voices sing and how the chords follow each other, with keys to look both up by.

alter table analyses
  -- the lines of its voices, see lib/analysis/melody
  add column melody text,
  -- groups of five notes, in any key
  add column melody_keys integer[],
  -- three chords in a row, in any key, see lib/music/progressions.ts
  add column progression_keys integer[];

create index analyses_melody_keys on analyses using gin (melody_keys);
create index analyses_progression_keys on analyses using gin (progression_keys);

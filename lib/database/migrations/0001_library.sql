-- The library: every distinct byte string once, every place it was found, what the analysis says, and the parts.

create type content_status as enum ('ok', 'repaired', 'rejected');
create type phase_state as enum ('pending', 'claimed', 'done', 'failed', 'not_applicable');

-- A folder that was imported. Files are stored relative to it, so that machines may mount it in different places.
create table roots (
  id integer generated always as identity primary key,
  path text not null unique
);

-- A process at work. It renews expires_at while it lives; what it claimed is taken over when it no longer does.
create table runs (
  id integer generated always as identity primary key,
  command text not null,
  machine text not null,
  pid integer not null,
  process_started text not null,
  started_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index runs_alive on runs (expires_at) where ended_at is null;

create table contents (
  id bigint generated always as identity primary key,
  sha256 bytea not null unique check (octet_length(sha256) = 32),
  size bigint not null,
  status content_status not null,
  -- why it was rejected, one line
  error text,
  -- [{"code": "missing-end-of-track", "count": 2}, ...]
  repairs jsonb,
  format smallint,
  ticks_per_quarter integer,
  -- frames per second and ticks per frame, "25x40", for SMPTE divisions
  smpte text,
  track_count integer,
  note_count integer,
  -- (track, channel) pairs that hold notes
  voice_count integer,
  analysis_state phase_state not null,
  analysis_attempts smallint not null default 0,
  analysis_error text,
  analysis_owner integer,
  split_state phase_state not null,
  split_attempts smallint not null default 0,
  split_error text,
  split_owner integer,
  -- how it was cut: auto, track or channel
  split_by text
) with (fillfactor = 80);
create index contents_analysis_pending on contents (id) where analysis_state = 'pending';
create index contents_analysis_claimed on contents (analysis_owner) where analysis_state = 'claimed';
create index contents_analysis_failed on contents (id) where analysis_state = 'failed';
create index contents_split_pending on contents (id) where split_state = 'pending';
create index contents_split_claimed on contents (split_owner) where split_state = 'claimed';
create index contents_split_failed on contents (id) where split_state = 'failed';

create type file_state as enum (
  'present',    -- its content is in contents
  'part',       -- one of our own parts: no original
  'archive',    -- its members have rows of their own; error says why when it was refused
  'unreadable', -- found, but its bytes could not be had; error says why
  'gone'        -- was here once
);

-- A place: one row per path, and per member for archives ("" is the file itself).
-- path is relative to the root with "/" between folders; bytes that are no UTF-8 stand as U+F700 + byte.
create table files (
  id bigint generated always as identity primary key,
  root_id integer not null references roots,
  path text collate "C" not null,
  member text collate "C" not null default '',
  state file_state not null,
  error text,
  content_id bigint references contents,
  size bigint not null,
  -- microseconds since 1970
  modified_us bigint not null,
  -- what the path says of the music, kept apart from what the music says
  name_bpm real,
  name_key text,
  tags text[],
  unique (root_id, path, member)
);
create index files_content on files (content_id);

create table analyses (
  content_id bigint primary key references contents,
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
  -- everything else the analysis says, under the names of show.ts --json; tracks have rows of their own
  features jsonb not null,
  -- [[start tick, start seconds, label, Roman numeral], ...]; each chord lasts until the next, the last until chords_end_seconds
  chords jsonb,
  chords_end_seconds double precision
);

create table tracks (
  content_id bigint not null references contents,
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
  -- every program its notes sound with, in order
  programs smallint[],
  role text,
  role_confidence real,
  primary key (content_id, track, channel)
);

create table parts (
  content_id bigint not null references contents,
  number smallint not null,
  sha256 bytea not null check (octet_length(sha256) = 32),
  size bigint not null,
  -- relative to the folder of parts
  path text not null,
  track integer,
  channel smallint,
  name text,
  program smallint,
  drum boolean not null,
  note_count integer not null,
  primary key (content_id, number)
);
create index parts_sha256 on parts (sha256);

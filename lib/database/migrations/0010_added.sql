-- When a content came into the library; of those that are here already nobody knows more than that it was before now.
alter table contents add column added_at timestamptz not null default now();
create index contents_added on contents (added_at);

-- Up Migration
-- Why: whoever watches the installation asks when the last backup was made and whether one was restored for a try; what makes
-- backups says so here. A few rows a day at most: they stay.
-- Locks: nothing; the table is new.
-- Last release: survives; it knows nothing of it.

create table backup_run (
  id bigint generated always as identity primary key,
  -- dump: a copy in one file; verify: a backup restored elsewhere, and looked through.
  kind text not null check (kind in ('full', 'diff', 'incr', 'dump', 'verify')),
  started_at timestamptz not null,
  ended_at timestamptz not null default now(),
  ok boolean not null,
  -- What it tells of itself: sizes, durations, or why it failed.
  detail jsonb not null default '{}'
);

-- Down Migration
drop table backup_run;

-- Up Migration
-- Why: whoever works on the installation closes it to visitors, for all processes at once; each of them reads here whether it is
-- closed. A row means that it is; there is one installation, and so at most one row.
-- Locks: nothing; the table is new.
-- Last release: survives; it knows nothing of it, and stays open.
-- Going back: loses nothing; the installation is open then.

create table maintenance (
  only_one boolean primary key default true check (only_one),
  -- What visitors are told, in the operator's words.
  reason text check (length(reason) between 1 and 500),
  began_at timestamptz not null,
  -- When it is expected to end; it ends when somebody says so.
  expected_end timestamptz
);

-- Down Migration
drop table maintenance;

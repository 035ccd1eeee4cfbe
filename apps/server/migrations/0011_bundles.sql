-- Up Migration
-- Why: bookings that were made together: a series of times, or several services in one visit.
-- Locks: ACCESS EXCLUSIVE on booking for an instant: the new column has no default, and its key is validated after the lock
-- is gone. Last release: survives, as it writes no bundles and leaves the column empty.
-- squawk-ignore-file constraint-missing-not-valid, adding-foreign-key-constraint, require-concurrent-index-creation

create table bundle (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  kind text not null check (kind in ('series', 'visit')),
  -- RFC 5545 §3.3.10, as it was asked for; of a series only
  rule text check (length(rule) between 1 and 300),
  -- by whose clocks the times of a series repeat
  time_zone text not null check (length(time_zone) between 1 and 64),
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  check ((kind = 'series') = (rule is not null))
);
call isolate_by_tenant('bundle');

alter table booking
  add column bundle_id uuid,
  add constraint booking_bundle_fkey foreign key (organization_id, bundle_id) references bundle (organization_id, id) not valid;
alter table booking validate constraint booking_bundle_fkey;
-- Few bookings have one, so the index is small; it is built while nothing is in it.
create index booking_bundle on booking (organization_id, bundle_id) where bundle_id is not null;

-- Down Migration
drop index booking_bundle;
alter table booking drop column bundle_id;
drop table bundle;

-- Up Migration
-- Why: strangers hold times from the public page. Whoever holds many at one business keeps others out, so that one address has
-- a few places there, and each hold takes one: two that come at the same moment cannot take the same.
-- Locks: ACCESS EXCLUSIVE on hold for an instant, and SHARE while the index builds: the table has as many rows as people fill in
-- forms. Last release: survives; its holds take no place.
-- squawk-ignore-file require-concurrent-index-creation, constraint-missing-not-valid

alter table hold
  -- A keyed hash of the address and the organization; empty for members, keys, and what the product itself holds.
  add column holder bytea check (octet_length(holder) = 16),
  add column place smallint check (place >= 1),
  add constraint hold_holder_place check ((holder is null) = (place is null));
create unique index hold_place on hold (organization_id, holder, place) where holder is not null;

-- Down Migration
alter table hold drop column place, drop column holder;

-- Up Migration
-- Why: programs call the API with a key of the organization, which says what they may do; the trail tells what they did. And customers can be
-- erased: the row stays for the sake of its bookings, and says when nobody was left in it.
-- Locks: ACCESS EXCLUSIVE on customer, audit_event and its parts for an instant; the new constraint is validated after the lock is gone.
-- Last release: survives; it knows no keys and writes none of the new kind.
-- squawk-ignore-file constraint-missing-not-valid

create table api_key (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  -- SHA-256 of 32 random bytes, which are kept nowhere.
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ array['read', 'bookings:write', 'setup:write']),
  -- The member who made it. The key is the organization's and outlives the membership: no foreign key holds it.
  created_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- Written at most once a minute.
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, id),
  check (expires_at > created_at and expires_at - created_at <= interval '366 days')
);
create index api_key_created on api_key (organization_id, created_at desc, id desc);
call isolate_by_tenant('api_key');

-- The parts follow: what is attached has no constraint of its own.
alter table audit_event drop constraint audit_event_actor_kind_check;
alter table audit_event add constraint audit_event_actor_kind_check
  check (actor_kind in ('customer', 'member', 'key', 'system')) not valid;
alter table audit_event validate constraint audit_event_actor_kind_check;

alter table customer add column erased_at timestamptz;

-- Down Migration
-- What keys did stays in the trail: the constraint of the last release holds for what is written from now on.
alter table audit_event drop constraint audit_event_actor_kind_check;
alter table audit_event add constraint audit_event_actor_kind_check
  check (actor_kind in ('customer', 'member', 'system')) not valid;
drop table api_key;
alter table customer drop column erased_at;

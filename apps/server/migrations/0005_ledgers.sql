-- Up Migration
-- Why: nothing is lost or hidden: what is sent out, what was changed, and what was already answered.
-- Locks: nothing that exists. Last release: there is none.

-- Everything sent out, with its state. A row is written with the change it tells of and outlives it.
-- Therefore no foreign key holds it.
create table message (
  organization_id uuid not null,
  id uuid not null,
  booking_id uuid,
  kind text not null check (length(kind) between 1 and 60),
  channel text not null check (channel in ('email')),
  audience text not null check (audience in ('customer', 'provider')),
  recipient text not null check (length(recipient) between 3 and 254),
  locale text not null,
  -- The facts to be told, as they were when the change was made.
  facts jsonb not null check (jsonb_typeof(facts) = 'object'),
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts integer not null default 0,
  last_error text check (length(last_error) <= 1000),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (organization_id, id),
  check ((state = 'sent') = (sent_at is not null))
);
create index message_created on message (organization_id, created_at desc, id desc);
create index message_booking on message (organization_id, booking_id);
create index message_queued on message (organization_id, created_at) where state = 'queued';
call isolate_by_tenant('message');

-- What was changed, when, by whom. Append-only: the application's role may add and read, nothing else.
-- It outlives what it speaks of: no foreign key leads out of it.
create table audit_event (
  organization_id uuid not null,
  id uuid not null,
  at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('customer', 'member', 'system')),
  actor_id uuid,
  action text not null check (length(action) between 1 and 80),
  entity text not null check (length(entity) between 1 and 40),
  entity_id uuid not null,
  detail jsonb not null default '{}' check (jsonb_typeof(detail) = 'object'),
  primary key (organization_id, id)
);
create index audit_event_at on audit_event (organization_id, at desc, id desc);
create index audit_event_entity on audit_event (organization_id, entity, entity_id, at);
call isolate_by_tenant('audit_event');

-- The chain over the trail: every event once, in the order it was sealed, each hash over the one before.
create table audit_seal (
  organization_id uuid not null,
  position bigint not null check (position > 0),
  event_id uuid not null,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (organization_id, position),
  unique (organization_id, event_id),
  foreign key (organization_id, event_id) references audit_event (organization_id, id)
);
call isolate_by_tenant('audit_seal');

-- What a request was answered, so that its repetition is answered alike.
create table idempotency_key (
  organization_id uuid not null references organization (id) on delete cascade,
  key text not null check (length(key) between 1 and 200),
  request_hash bytea not null check (octet_length(request_hash) = 32),
  status smallint not null,
  body jsonb not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, key)
);
create index idempotency_key_created on idempotency_key (organization_id, created_at);
call isolate_by_tenant('idempotency_key');

-- Down Migration
drop table idempotency_key, audit_seal, audit_event, message;

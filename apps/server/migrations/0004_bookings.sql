-- Up Migration
-- Why: appointments, and the claims that make an overlap impossible.
-- Locks: nothing that exists. Last release: there is none.

create table customer (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  email citext not null check (length(email) between 3 and 254),
  phone text check (length(phone) <= 40),
  time_zone text not null check (length(time_zone) between 1 and 64),
  locale text not null check (length(locale) between 2 and 35),
  notes text not null default '' check (length(notes) <= 10000),
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, email)
);
call isolate_by_tenant('customer');

-- Its foreign keys lead to the organization by way of the service: one of its own would only be one more lock on a row
-- that all bookings of a business share.
create table booking (
  organization_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  provider_id uuid not null,
  customer_id uuid not null,
  state text not null check (state in ('pending', 'confirmed', 'cancelled', 'completed', 'no_show')),
  -- The appointment itself, without buffers.
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- As the customer gave them for this booking; the customer's record keeps the latest.
  customer_name text not null check (length(customer_name) between 1 and 200),
  time_zone text not null,
  locale text not null,
  seats integer not null default 1 check (seats between 1 and 1000),
  price_minor bigint not null check (price_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  answers jsonb not null default '{}' check (jsonb_typeof(answers) = 'object'),
  attendees jsonb not null default '[]' check (jsonb_typeof(attendees) = 'array'),
  -- RFC 5545 §3.8.7.4: grows with every change that the invitation must tell.
  sequence integer not null default 0 check (sequence >= 0),
  -- Grows to make the links sent so far invalid.
  link_version integer not null default 1,
  source text not null check (source in ('public', 'member')),
  created_at timestamptz not null default now(),
  cancelled_at timestamptz,
  cancelled_by text check (cancelled_by in ('customer', 'member')),
  cancel_reason text check (length(cancel_reason) <= 1000),
  primary key (organization_id, id),
  check (starts_at < ends_at),
  check ((state = 'cancelled') = (cancelled_at is not null and cancelled_by is not null)),
  foreign key (organization_id, service_id) references service (organization_id, id),
  foreign key (organization_id, provider_id) references provider (organization_id, id),
  foreign key (organization_id, customer_id) references customer (organization_id, id)
);
create index booking_starts on booking (organization_id, starts_at, id);
create index booking_customer on booking (organization_id, customer_id, starts_at);
create index booking_provider on booking (organization_id, provider_id, starts_at);
call isolate_by_tenant('booking');

-- A claim on a slot for a few minutes. It never outlives its expiry: whoever comes later removes it.
create table hold (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  service_id uuid not null,
  provider_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  seats integer not null default 1 check (seats between 1 and 1000),
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  check (starts_at < ends_at),
  foreign key (organization_id, service_id) references service (organization_id, id),
  foreign key (organization_id, provider_id) references provider (organization_id, id)
);
create index hold_expires on hold (organization_id, expires_at);
create index hold_service on hold (organization_id, service_id);
create index hold_provider on hold (organization_id, provider_id);
call isolate_by_tenant('hold');

-- One class at one time: it claims its provider once, people take numbered seats.
create table group_session (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  service_id uuid not null,
  provider_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity integer not null check (capacity between 1 and 1000),
  primary key (organization_id, id),
  unique (organization_id, provider_id, starts_at),
  check (starts_at < ends_at),
  foreign key (organization_id, service_id) references service (organization_id, id),
  foreign key (organization_id, provider_id) references provider (organization_id, id)
);
create index group_session_service on group_session (organization_id, service_id, starts_at);
call isolate_by_tenant('group_session');

create table seat (
  organization_id uuid not null,
  session_id uuid not null,
  number integer not null check (number between 1 and 1000),
  booking_id uuid,
  hold_id uuid,
  primary key (organization_id, session_id, number),
  check (num_nonnulls(booking_id, hold_id) = 1),
  foreign key (organization_id, session_id) references group_session (organization_id, id) on delete cascade,
  foreign key (organization_id, booking_id) references booking (organization_id, id) on delete cascade,
  foreign key (organization_id, hold_id) references hold (organization_id, id) on delete cascade
);
create index seat_booking on seat (organization_id, booking_id) where booking_id is not null;
create index seat_hold on seat (organization_id, hold_id) where hold_id is not null;
call isolate_by_tenant('seat');

-- The row that makes overlap impossible. A provider is unit 1; a resource of quantity n has the units 1 to n. `during`
-- includes the buffers. A claim lives as long as what made it: cancelling a booking deletes its claims.
create table claim (
  organization_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  unit smallint not null check (unit between 1 and 100),
  during tstzrange not null check (not isempty(during) and lower_inc(during) and not upper_inc(during)
    and not lower_inf(during) and not upper_inf(during)),
  booking_id uuid,
  hold_id uuid,
  session_id uuid,
  -- Plain columns, because row-level security keeps range operators from using an index: they are not leakproof.
  starts_at timestamptz not null generated always as (lower(during)) stored,
  ends_at timestamptz not null generated always as (upper(during)) stored,
  primary key (organization_id, id),
  check (num_nonnulls(booking_id, hold_id, session_id) = 1),
  foreign key (organization_id, subject_id) references subject (organization_id, id),
  foreign key (organization_id, booking_id) references booking (organization_id, id) on delete cascade,
  foreign key (organization_id, hold_id) references hold (organization_id, id) on delete cascade,
  foreign key (organization_id, session_id) references group_session (organization_id, id) on delete cascade,
  constraint claim_no_overlap exclude using gist
    (organization_id with =, subject_id with =, unit with =, during with &&)
);
-- Free times are read by subject, from a moment on: history is never touched.
create index claim_subject_ends on claim (organization_id, subject_id, ends_at) include (starts_at, unit, hold_id, session_id);
create index claim_booking on claim (organization_id, booking_id) where booking_id is not null;
create index claim_hold on claim (organization_id, hold_id) where hold_id is not null;
create index claim_session on claim (organization_id, session_id) where session_id is not null;
call isolate_by_tenant('claim');

-- Down Migration
drop table claim, seat, group_session, hold, booking, customer;

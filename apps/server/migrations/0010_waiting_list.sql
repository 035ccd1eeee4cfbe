-- Up Migration
-- Why: people who find no time say when they could come, and are offered what frees up, one after the other.
-- Locks: ACCESS EXCLUSIVE on message for an instant, and SHARE on it while its index builds. Last release: survives; it
-- sends no mail about wishes, and takes those of this release for mails about nothing.
-- squawk-ignore-file require-concurrent-index-creation

-- When somebody could come. Whoever is booked already, and wants to come earlier, names that booking.
create table wish (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  service_id uuid not null,
  customer_id uuid not null,
  -- As given with the wish; the customer's record keeps the latest.
  customer_name text not null check (length(customer_name) between 1 and 200),
  time_zone text not null check (length(time_zone) between 1 and 64),
  locale text not null check (length(locale) between 2 and 35),
  -- Whoever serves, when it is empty.
  provider_ids uuid[] not null default '{}' check (cardinality(provider_ids) <= 20),
  -- Dates, weekdays (ISO 8601: Monday is 1) and minutes of the day in the zone of the service; a start lies at or after
  -- from_min and before until_min.
  from_date date not null,
  until_date date not null,
  weekdays smallint[] not null check (cardinality(weekdays) between 1 and 7 and weekdays <@ '{1,2,3,4,5,6,7}'),
  from_min smallint not null check (from_min between 0 and 1439),
  until_min smallint not null check (until_min between 1 and 1440),
  duration_min integer not null check (duration_min between 1 and 1440),
  seats integer not null default 1 check (seats between 1 and 1000),
  -- The booking that is to move to an earlier time.
  earlier_id uuid,
  -- What became of it.
  booking_id uuid,
  state text not null default 'waiting' check (state in ('waiting', 'offered', 'taken', 'withdrawn', 'expired')),
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  check (from_date <= until_date and until_date - from_date <= 366),
  check (from_min < until_min),
  check ((state = 'taken') = (booking_id is not null)),
  foreign key (organization_id, service_id) references service (organization_id, id) on delete cascade,
  -- Whoever is forgotten waits no longer.
  foreign key (organization_id, customer_id) references customer (organization_id, id) on delete cascade,
  foreign key (organization_id, earlier_id) references booking (organization_id, id) on delete cascade,
  foreign key (organization_id, booking_id) references booking (organization_id, id) on delete cascade
);
create index wish_created on wish (organization_id, created_at, id);
create index wish_open on wish (organization_id, created_at, id) where state in ('waiting', 'offered');
create index wish_service on wish (organization_id, service_id);
create index wish_customer on wish (organization_id, customer_id);
create index wish_booking on wish (organization_id, booking_id);
create index wish_earlier on wish (organization_id, earlier_id);
-- A booking is waited for once.
create unique index wish_earlier_once on wish (organization_id, earlier_id) where state in ('waiting', 'offered');
call isolate_by_tenant('wish');

-- A time that somebody was offered, and the hold that keeps it for them. Holds come and go: no foreign key leads to them.
create table wish_offer (
  organization_id uuid not null,
  id uuid not null,
  wish_id uuid not null,
  hold_id uuid not null,
  provider_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  offered_at timestamptz not null,
  expires_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'taken', 'lapsed', 'declined')),
  primary key (organization_id, id),
  check (starts_at < ends_at),
  check (offered_at < expires_at and expires_at <= starts_at),
  foreign key (organization_id, wish_id) references wish (organization_id, id) on delete cascade,
  foreign key (organization_id, provider_id) references provider (organization_id, id)
);
create index wish_offer_wish on wish_offer (organization_id, wish_id, offered_at);
create index wish_offer_provider on wish_offer (organization_id, provider_id);
-- One offer at a time.
create unique index wish_offer_open on wish_offer (organization_id, wish_id) where state = 'open';
create index wish_offer_expires on wish_offer (organization_id, expires_at) where state = 'open';
call isolate_by_tenant('wish_offer');

-- A mail tells of a booking, or of a wish.
alter table message add column wish_id uuid;
create index message_wish on message (organization_id, wish_id) where wish_id is not null;

-- Down Migration
drop table wish_offer;
drop table wish;
-- The last release could not read these.
delete from message where wish_id is not null;
drop index message_wish;
alter table message drop column wish_id;

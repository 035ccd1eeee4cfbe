-- Up Migration
-- Why: what a business offers: who serves, in which rooms, at which hours, under which rules.
-- Locks: nothing that exists. Last release: there is none.

create table schedule (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  time_zone text not null check (length(time_zone) between 1 and 64),
  primary key (organization_id, id)
);
call isolate_by_tenant('schedule');

-- Minutes count from local midnight; the windows of a day never overlap.
create table schedule_window (
  organization_id uuid not null,
  schedule_id uuid not null,
  weekday smallint not null check (weekday between 1 and 7),
  start_min smallint not null check (start_min between 0 and 1439),
  end_min smallint not null check (end_min <= 1440),
  primary key (organization_id, schedule_id, weekday, start_min),
  foreign key (organization_id, schedule_id) references schedule (organization_id, id) on delete cascade,
  check (start_min < end_min),
  constraint schedule_window_no_overlap exclude using gist
    (organization_id with =, schedule_id with =, weekday with =, int4range(start_min, end_min) with &&)
);
call isolate_by_tenant('schedule_window');
comment on column schedule_window.weekday is 'ISO 8601: Monday is 1';

-- Replaces the weekly hours of one date. Closed all day is one row without times.
create table schedule_override (
  organization_id uuid not null,
  schedule_id uuid not null,
  on_date date not null,
  start_min smallint check (start_min between 0 and 1439),
  end_min smallint check (end_min <= 1440),
  foreign key (organization_id, schedule_id) references schedule (organization_id, id) on delete cascade,
  check ((start_min is null) = (end_min is null)),
  check (start_min < end_min),
  constraint schedule_override_no_overlap exclude using gist
    (organization_id with =, schedule_id with =, on_date with =,
     int4range(coalesce(start_min, 0), coalesce(end_min, 1440)) with &&)
);
call isolate_by_tenant('schedule_override');

-- Whoever or whatever can be claimed. The row is the lock that a booking takes, apart from the profile that people edit.
create table subject (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  kind text not null check (kind in ('provider', 'resource')),
  -- Grows with every change of the subject's claims: free times computed from an older number are stale.
  version bigint not null default 1,
  primary key (organization_id, id)
) with (fillfactor = 50);
call isolate_by_tenant('subject');

create table provider (
  organization_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  title text not null default '' check (length(title) <= 120),
  email citext check (length(email) <= 254),
  colour text not null default '#2f6f5e' check (colour ~ '^#[0-9a-f]{6}$'),
  schedule_id uuid not null,
  position integer not null default 0,
  active boolean not null default true,
  primary key (organization_id, id),
  foreign key (organization_id, id) references subject (organization_id, id) on delete cascade,
  foreign key (organization_id, schedule_id) references schedule (organization_id, id)
);
create index provider_schedule on provider (organization_id, schedule_id);
call isolate_by_tenant('provider');

create table resource (
  organization_id uuid not null,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  quantity smallint not null default 1 check (quantity between 1 and 100),
  active boolean not null default true,
  primary key (organization_id, id),
  foreign key (organization_id, id) references subject (organization_id, id) on delete cascade
);
call isolate_by_tenant('resource');

create table location (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  kind text not null check (kind in ('address', 'phone', 'video')),
  name text not null check (length(name) between 1 and 120),
  -- The postal address, the number that is called, or the link.
  detail text not null default '' check (length(detail) <= 500),
  time_zone text check (length(time_zone) between 1 and 64),
  primary key (organization_id, id)
);
call isolate_by_tenant('location');

create table service (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 120),
  description text not null default '' check (length(description) <= 2000),
  -- The first is the one that is offered unless another is asked for.
  durations_min integer[] not null check (cardinality(durations_min) between 1 and 8 and 0 < all (durations_min)),
  buffer_before_min integer not null default 0 check (buffer_before_min between 0 and 1440),
  buffer_after_min integer not null default 0 check (buffer_after_min between 0 and 1440),
  step_min integer not null check (step_min between 1 and 1440),
  notice_min integer not null default 0 check (notice_min between 0 and 525600),
  window_days integer not null default 60 check (window_days between 1 and 730),
  capacity integer not null default 1 check (capacity between 1 and 1000),
  -- How long before the start a customer may still cancel, and may still move, the booking.
  cancel_notice_min integer not null default 0 check (cancel_notice_min between 0 and 525600),
  reschedule_notice_min integer not null default 0 check (reschedule_notice_min between 0 and 525600),
  price_minor bigint not null default 0 check (price_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  colour text not null default '#2f6f5e' check (colour ~ '^#[0-9a-f]{6}$'),
  questions jsonb not null default '[]' check (jsonb_typeof(questions) = 'array'),
  -- Hours of the service itself, on top of those of who serves it: a class at six o'clock.
  schedule_id uuid,
  location_id uuid,
  position integer not null default 0,
  hidden boolean not null default false,
  active boolean not null default true,
  primary key (organization_id, id),
  unique (organization_id, slug),
  foreign key (organization_id, schedule_id) references schedule (organization_id, id),
  foreign key (organization_id, location_id) references location (organization_id, id)
);
create index service_schedule on service (organization_id, schedule_id);
create index service_location on service (organization_id, location_id);
call isolate_by_tenant('service');

-- What a booking of the service needs at once: `quantity` of the subjects listed for it.
create table requirement (
  organization_id uuid not null,
  service_id uuid not null,
  position smallint not null check (position between 0 and 20),
  kind text not null check (kind in ('provider', 'resource')),
  quantity smallint not null default 1 check (quantity between 1 and 20),
  primary key (organization_id, service_id, position),
  foreign key (organization_id, service_id) references service (organization_id, id) on delete cascade
);
call isolate_by_tenant('requirement');

create table requirement_subject (
  organization_id uuid not null,
  service_id uuid not null,
  position smallint not null,
  subject_id uuid not null,
  primary key (organization_id, service_id, position, subject_id),
  foreign key (organization_id, service_id, position)
    references requirement (organization_id, service_id, position) on delete cascade,
  foreign key (organization_id, subject_id) references subject (organization_id, id) on delete cascade
);
create index requirement_subject_subject on requirement_subject (organization_id, subject_id);
call isolate_by_tenant('requirement_subject');

-- Members may be providers; the key waits for the table.
create table member (
  organization_id uuid not null references organization (id) on delete cascade,
  id uuid not null,
  user_id uuid not null references auth."user" (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'manager', 'provider', 'viewer')),
  provider_id uuid,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, user_id),
  foreign key (organization_id, provider_id) references provider (organization_id, id)
);
create index member_user on member (user_id);
create index member_provider on member (organization_id, provider_id);
alter table member enable row level security;
alter table member force row level security;
-- People may ask which organizations they belong to before one of them is chosen.
create policy tenant on member
  using (organization_id = current_organization() or user_id = current_user_id())
  with check (organization_id = current_organization());

-- Down Migration
drop table member, requirement_subject, requirement, service, location, resource, provider, subject,
  schedule_override, schedule_window, schedule;

-- Up Migration
-- Why: schedules know nights, public holidays, closures and journeys; people and things have time off.
-- Locks: ACCESS EXCLUSIVE on schedule, schedule_window and schedule_override while the rows of the last two are checked (a
-- business has tens of them in each). Last release: survives, as it leaves the new columns and tables alone and reads a
-- window that ends after midnight as it reads any other.
-- squawk-ignore-file constraint-missing-not-valid

-- A window may end on the next day: 22:00 to 02:00 is 1320 to 1560. Overlap is still looked for within the day it begins on.
alter table schedule_window
  drop constraint schedule_window_end_min_check,
  add constraint schedule_window_end_min_check check (end_min <= start_min + 1440);
alter table schedule_override
  drop constraint schedule_override_end_min_check,
  add constraint schedule_override_end_min_check check (end_min <= start_min + 1440);

-- Whose public holidays are closed: ISO 3166-1, and a part of the country.
alter table schedule
  add column holiday_country text,
  add column holiday_region text,
  add constraint schedule_holiday_country_check check (holiday_country ~ '^[A-Z]{2}$'),
  add constraint schedule_holiday_region_check check
    (length(holiday_region) between 1 and 40 and (holiday_region is null or holiday_country is not null));

-- Dates, both inclusive, on which nothing is open.
create table schedule_closure (
  organization_id uuid not null,
  schedule_id uuid not null,
  from_date date not null,
  to_date date not null,
  name text check (length(name) between 1 and 120),
  primary key (organization_id, schedule_id, from_date, to_date),
  foreign key (organization_id, schedule_id) references schedule (organization_id, id) on delete cascade,
  check (from_date <= to_date)
);
call isolate_by_tenant('schedule_closure');

-- Dates, both inclusive, on which the clocks of another place count. Nobody is in two places at once.
create table schedule_stay (
  organization_id uuid not null,
  schedule_id uuid not null,
  from_date date not null,
  to_date date not null,
  time_zone text not null check (length(time_zone) between 1 and 64),
  primary key (organization_id, schedule_id, from_date),
  foreign key (organization_id, schedule_id) references schedule (organization_id, id) on delete cascade,
  check (from_date <= to_date),
  constraint schedule_stay_no_overlap exclude using gist
    (organization_id with =, schedule_id with =, daterange(from_date, to_date, '[]') with &&)
);
call isolate_by_tenant('schedule_stay');

-- When somebody is away, or something out of use, once or again and again.
create table time_off (
  organization_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  -- The first time, on the clocks of the zone; minutes count from midnight.
  starts_on date not null,
  start_min smallint not null check (start_min between 0 and 1439),
  time_zone text not null check (length(time_zone) between 1 and 64),
  -- As the clocks show it: a whole day has 1440 minutes, also when they change.
  duration_min integer not null check (duration_min between 1 and 527040),
  -- Value of an RRULE (RFC 5545); null is once.
  rule text check (length(rule) between 1 and 500),
  -- Local dates that are left out.
  except_dates date[] not null default '{}' check (cardinality(except_dates) <= 366),
  note text not null default '' check (length(note) <= 500),
  primary key (organization_id, id),
  foreign key (organization_id, subject_id) references subject (organization_id, id) on delete cascade
);
create index time_off_subject on time_off (organization_id, subject_id, starts_on);
call isolate_by_tenant('time_off');

-- Down Migration
drop table time_off, schedule_stay, schedule_closure;
alter table schedule drop column holiday_country, drop column holiday_region;
-- The release before knows no nights: they end at midnight. The owner sees the rows of all tenants only when not forced.
alter table schedule_window no force row level security;
update schedule_window set end_min = 1440 where end_min > 1440;
alter table schedule_window force row level security;
alter table schedule_window
  drop constraint schedule_window_end_min_check,
  add constraint schedule_window_end_min_check check (end_min <= 1440);
alter table schedule_override no force row level security;
update schedule_override set end_min = 1440 where end_min > 1440;
alter table schedule_override force row level security;
alter table schedule_override
  drop constraint schedule_override_end_min_check,
  add constraint schedule_override_end_min_check check (end_min <= 1440);

-- Up Migration
-- Why: services say more about their times (steps, windows, limits, packing), need several people and things in several
-- segments, and share out work by turns. Claims tell their buffers, so that explanations can name them.
-- Locks: ACCESS EXCLUSIVE on five small tables (a business has tens of rows in each) while their rows are checked, and on
-- claim for an instant, as its defaults are constant. Last release: survives, as it leaves the new columns at their defaults.
-- squawk-ignore-file constraint-missing-not-valid, adding-foreign-key-constraint, require-concurrent-index-creation

alter table service
  add column step_offset_min integer not null default 0,
  add column step_from text not null default 'window',
  add column window_kind text not null default 'days',
  add column window_from date,
  add column window_to date,
  -- Starts that would leave gaps shorter than this are offered only where there is no better one; null for all.
  add column useful_gap_min integer,
  add column first_of_day boolean not null default false,
  -- What may start per day, week or month, of the service and for one customer.
  add column limits jsonb not null default '[]',
  -- Lengths of the segments of an appointment; empty for one that lasts as long as the appointment.
  add column segments_min integer[] not null default '{}',
  add constraint service_step_offset_min_check check (step_offset_min between 0 and 1440),
  add constraint service_step_from_check check (step_from in ('window', 'midnight')),
  add constraint service_window_kind_check check (window_kind in ('days', 'business_days', 'range')),
  add constraint service_window_range_check check
    ((window_kind = 'range') = (window_from is not null and window_to is not null) and window_from <= window_to),
  add constraint service_useful_gap_min_check check (useful_gap_min between 1 and 1440),
  add constraint service_limits_check check (jsonb_typeof(limits) = 'array'),
  add constraint service_segments_min_check check (cardinality(segments_min) <= 8 and 0 < all (segments_min));

alter table requirement
  add column segment smallint not null default 0,
  add column assign text not null default 'in_order',
  -- Over how many days before and after the work is to be shared fairly, where it goes by turns.
  add column fair_days smallint not null default 30,
  add constraint requirement_segment_check check (segment between 0 and 7),
  add constraint requirement_assign_check check (assign in ('in_order', 'by_turn')),
  add constraint requirement_fair_days_check check (fair_days between 1 and 366);

alter table requirement_subject
  add column weight smallint not null default 1,
  add column priority smallint not null default 0,
  add constraint requirement_subject_weight_check check (weight between 1 and 100),
  add constraint requirement_subject_priority_check check (priority between 0 and 100);

alter table resource
  add column set_up_min smallint not null default 0,
  add column clean_up_min smallint not null default 0,
  add column schedule_id uuid,
  add constraint resource_set_up_min_check check (set_up_min between 0 and 1440),
  add constraint resource_clean_up_min_check check (clean_up_min between 0 and 1440),
  add constraint resource_organization_id_schedule_id_fkey foreign key (organization_id, schedule_id)
    references schedule (organization_id, id);
create index resource_schedule on resource (organization_id, schedule_id);

alter table provider
  add column limits jsonb not null default '[]',
  add constraint provider_limits_check check (jsonb_typeof(limits) = 'array');

-- Minutes of what is claimed that are buffers, not the appointment.
alter table claim
  add column before_min smallint not null default 0,
  add column after_min smallint not null default 0;

-- Down Migration
alter table claim drop column before_min, drop column after_min;
alter table provider drop column limits;
alter table resource drop column set_up_min, drop column clean_up_min, drop column schedule_id;
alter table requirement_subject drop column weight, drop column priority;
alter table requirement drop column segment, drop column assign, drop column fair_days;
alter table service drop column step_offset_min, drop column step_from, drop column window_kind, drop column window_from,
  drop column window_to, drop column useful_gap_min, drop column first_of_day, drop column limits, drop column segments_min;

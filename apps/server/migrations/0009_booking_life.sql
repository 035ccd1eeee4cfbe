-- Up Migration
-- Why: a booking may wait for approval, is checked in, completed or missed, and can be given to somebody else; what it may
-- become is constrained here, too.
-- Locks: ACCESS EXCLUSIVE on service (tens of rows), and on booking and hold for an instant: defaults are constant, and the
-- new constraints are validated after the lock is gone. Last release: survives, as it writes none of the new columns, and
-- knows the states.
-- squawk-ignore-file constraint-missing-not-valid

alter table service
  -- none: booked at once; blocking: a request takes its time until it is decided; open: several may ask for the same time
  add column approval text not null default 'none',
  -- Customers who missed so many appointments within a year ask for approval; null for never.
  add column no_show_limit smallint,
  add constraint service_approval_check check (approval in ('none', 'blocking', 'open')),
  add constraint service_no_show_limit_check check (no_show_limit between 1 and 100);

alter table booking
  -- false for a request that leaves its time to others until it is approved
  add column claims_time boolean not null default true,
  add column checked_in_at timestamptz,
  -- by the customer, or for them, when the policy no longer let them
  add column cancelled_late boolean not null default false,
  drop constraint booking_cancelled_by_check,
  add constraint booking_cancelled_by_check check (cancelled_by in ('customer', 'member', 'system')) not valid,
  add constraint booking_claims_time_check check (claims_time or state in ('pending', 'cancelled')) not valid,
  add constraint booking_checked_in_check check (checked_in_at is null or state in ('confirmed', 'completed')) not valid;
alter table booking validate constraint booking_cancelled_by_check;
alter table booking validate constraint booking_claims_time_check;
alter table booking validate constraint booking_checked_in_check;

alter table hold add column extended boolean not null default false;

create function booking_step() returns trigger
language plpgsql set search_path = '' as $$
begin
  if (old.state, new.state) not in (('pending', 'confirmed'), ('pending', 'cancelled'), ('confirmed', 'completed'),
    ('confirmed', 'no_show'), ('confirmed', 'cancelled'), ('completed', 'no_show'), ('no_show', 'completed'))
  then
    raise exception 'a booking that is % cannot become %', old.state, new.state using errcode = 'SK005';
  end if;
  return new;
end $$;

create trigger booking_step before update of state on booking
  for each row when (old.state is distinct from new.state) execute function booking_step();

-- Down Migration
drop trigger booking_step on booking;
drop function booking_step();
alter table hold drop column extended;
-- What the last release does not know becomes what it knows best.
update booking set cancelled_by = 'member' where cancelled_by = 'system';
update booking set state = 'cancelled', cancelled_at = now(), cancelled_by = 'member' where not claims_time and state = 'pending';
alter table booking drop constraint booking_cancelled_by_check, drop column claims_time, drop column checked_in_at,
  drop column cancelled_late;
alter table booking add constraint booking_cancelled_by_check check (cancelled_by in ('customer', 'member'));
alter table service drop column approval, drop column no_show_limit;

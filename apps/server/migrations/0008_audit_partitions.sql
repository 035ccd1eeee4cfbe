-- Up Migration
-- Why: the trail keeps seven years. Split by month, what is older goes as whole tables, in an instant, and the present stays
-- small. What there is becomes the first part as it stands: no row is moved.
-- Locks: ACCESS EXCLUSIVE on audit_seal while its rows get a column, for which nothing but the seal waits, and then on
-- audit_event while one index is built and its rows are read once. With a million events on two cores: 17 seconds in all,
-- of which bookings wait for one.
-- Last release: survives; a trigger adds to its seals what they lack.
-- squawk-ignore-file adding-not-nullable-field, adding-serial-primary-key-field, require-concurrent-index-creation

-- When the sealed event happened: in which part to look for it. First, as bookings go on meanwhile. Organization by
-- organization, as row-level security shows the trail of one at a time to whoever owns it, too.
alter table audit_seal no force row level security;
alter table audit_seal add column at timestamptz;
do $$
declare
  organization uuid;
begin
  for organization in select distinct organization_id from audit_seal loop
    perform set_config('app.organization_id', organization::text, true);
    update audit_seal s set at = e.at from audit_event e
      where s.organization_id = organization and e.organization_id = organization and e.id = s.event_id;
  end loop;
  perform set_config('app.organization_id', '', true);
end
$$;
alter table audit_seal alter column at set not null;
alter table audit_seal force row level security;
create index audit_seal_at on audit_seal (organization_id, at);

create function audit_seal_at() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  new.at := (select e.at from public.audit_event e
    where e.organization_id = new.organization_id and e.id = new.event_id);
  return new;
end
$$;
create trigger audit_seal_at before insert on audit_seal
  for each row when (new.at is null) execute function audit_seal_at();

-- The parts lie where the application's role may not go: it reads and adds through audit_event alone, under row-level
-- security. Each is named after the moment it ends before; audit.event_rest takes what no part is there for.
create schema audit;

alter table audit_seal drop constraint audit_seal_organization_id_event_id_fkey;
alter table audit_event no force row level security;
drop policy tenant on audit_event;
alter table audit_event disable row level security;
alter table audit_event drop constraint audit_event_pkey;
alter table audit_event add constraint event_pkey primary key (organization_id, id, at);
alter table audit_event set schema audit;

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
  primary key (organization_id, id, at)
) partition by range (at);
create index audit_event_at on audit_event (organization_id, at desc, id desc);
create index audit_event_entity on audit_event (organization_id, entity, entity_id, at);
call isolate_by_tenant('audit_event');

do $$
declare
  ends timestamp := date_trunc('month', greatest(now(), (select max(at) from audit.audit_event)) at time zone 'UTC') + interval '1 month';
  part text := 'event_before_' || to_char(ends, 'YYYY_MM');
begin
  execute format('alter table audit.audit_event rename to %I', part);
  execute format('alter table audit_event attach partition audit.%I for values from (minvalue) to (%L)', part,
    ends at time zone 'UTC');
end
$$;
create table audit.event_rest partition of audit_event default;

-- Makes the parts for the months to come, and for those whose events are in the rest. Nothing else: it takes no arguments,
-- so that the application's role, which may not change the schema, can be let call it.
create function audit_make_parts() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  starts timestamp;
  ends timestamp;
  part text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('audit parts', 0));
  for starts in
    select generate_series(this, this + interval '3 months', interval '1 month')
    from date_trunc('month', now() at time zone 'UTC') as this
    union
    select date_trunc('month', at at time zone 'UTC') from audit.event_rest
    order by 1
  loop
    ends := starts + interval '1 month';
    part := 'event_before_' || to_char(ends, 'YYYY_MM');
    if to_regclass('audit.' || part) is not null then continue; end if;
    execute format('create table audit.%I (like public.audit_event including all)', part);
    execute format('with moved as (delete from audit.event_rest where at >= %2$L and at < %3$L returning *)
      insert into audit.%1$I select * from moved', part, starts at time zone 'UTC', ends at time zone 'UTC');
    execute format('alter table public.audit_event attach partition audit.%I for values from (%L) to (%L)', part,
      starts at time zone 'UTC', ends at time zone 'UTC');
    made := made + 1;
  end loop;
  return made;
end
$$;
revoke execute on function audit_make_parts() from public;
select audit_make_parts();

-- What was dropped with its time: the positions of the chain, and the hash it went on from.
create table audit_anchor (
  organization_id uuid not null,
  first_position bigint not null check (first_position > 0),
  position bigint not null check (position >= first_position),
  hash bytea not null check (octet_length(hash) = 32),
  dropped_at timestamptz not null default now(),
  primary key (organization_id, first_position)
);
call isolate_by_tenant('audit_anchor');

-- Down Migration
-- Copies the trail back into one table. Where parts have been dropped, the last release says that the chain is broken.
drop table audit_anchor;
drop trigger audit_seal_at on audit_seal;
drop function audit_seal_at();
drop index audit_seal_at;
alter table audit_seal drop column at;
drop function audit_make_parts();

alter table audit_event no force row level security;
create table audit.audit_event (
  organization_id uuid not null,
  id uuid not null,
  at timestamptz not null default now(),
  actor_kind text not null constraint audit_event_actor_kind_check check (actor_kind in ('customer', 'member', 'system')),
  actor_id uuid,
  action text not null constraint audit_event_action_check check (length(action) between 1 and 80),
  entity text not null constraint audit_event_entity_check check (length(entity) between 1 and 40),
  entity_id uuid not null,
  detail jsonb not null default '{}' constraint audit_event_detail_check check (jsonb_typeof(detail) = 'object')
);
insert into audit.audit_event select * from public.audit_event;
drop table public.audit_event;
alter table audit.audit_event set schema public;
drop schema audit cascade;
alter table audit_event add primary key (organization_id, id);
create index audit_event_at on audit_event (organization_id, at desc, id desc);
create index audit_event_entity on audit_event (organization_id, entity, entity_id, at);
alter table audit_seal no force row level security;
alter table audit_seal add foreign key (organization_id, event_id) references audit_event (organization_id, id);
alter table audit_seal force row level security;
-- Last: behind row-level security, the owner's check of the key would find no events.
call isolate_by_tenant('audit_event');

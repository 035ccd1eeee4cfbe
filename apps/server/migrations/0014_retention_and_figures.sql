-- Up Migration
-- Why: what the trail keeps longer than it must is dropped by the worker, which may not change the schema. It gets one function
-- that can do that and nothing else: the oldest part, when all of it is older than was asked for, and never less than seven
-- years by the database's own clock. And there is a place for figures of all organizations together.
-- Locks: nothing now. When it is called, ACCESS EXCLUSIVE on audit_event for an instant, for which it waits two seconds at most.
-- Last release: survives; it calls nothing.

-- The last seals of what goes stay behind as anchors, so that what is left of the chain can still be verified.
create function audit_drop_oldest_part(years integer) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s'
as $$
declare
  part text;
  organization uuid;
  unsealed bigint;
begin
  if years is null or years < 7 then
    raise exception 'The trail is kept for seven years at least, not %', years using errcode = '22023';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('audit parts', 0));
  select c.relname into part
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'public.audit_event'::regclass and starts_with(c.relname, 'event_before_')
    and c.relname <= 'event_before_' || to_char((now() at time zone 'UTC') - make_interval(years => years), 'YYYY_MM')
  order by c.relname limit 1;
  if part is null then return null; end if;

  -- Organization by organization, as row-level security shows the seals of one at a time to whoever owns them, too.
  for organization in execute format('select distinct organization_id from audit.%I order by 1', part) loop
    perform set_config('app.organization_id', organization::text, true);
    execute format('select count(*) from audit.%I e where e.organization_id = $1 and not exists (
        select from public.audit_seal s where s.organization_id = $1 and s.event_id = e.id)', part)
      into unsealed using organization;
    if unsealed > 0 then
      raise exception '% has % events of % without a seal', part, unsealed, organization using errcode = '55000';
    end if;
    execute format('with gone as (
        delete from public.audit_seal s using audit.%I e
        where s.organization_id = $1 and e.organization_id = $1 and e.id = s.event_id
        returning s.position, s.hash
      ), run as (
        select position, hash, position - row_number() over (order by position) as run from gone
      )
      insert into public.audit_anchor (organization_id, first_position, position, hash)
      select $1, min(position), max(position), (array_agg(hash order by position desc))[1] from run group by run', part)
      using organization;
  end loop;
  perform set_config('app.organization_id', '', true);
  execute format('drop table audit.%I', part);
  return part;
end
$$;
revoke execute on function audit_drop_oldest_part(integer) from public;

-- What is counted over all organizations, for whoever watches the installation: no process sees more than one at a time.
create table figure (
  name text not null check (length(name) between 1 and 60),
  label text not null check (length(label) between 1 and 40),
  value float8 not null,
  counted_at timestamptz not null,
  primary key (name, label)
);

-- Down Migration
drop table figure;
drop function audit_drop_oldest_part(integer);

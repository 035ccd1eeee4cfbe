-- What the application's role may do. Applied after every migration, so that no new table is forgotten: a table gets
-- reading and writing of rows, unless it is append-only. Without the role (see 0001_tenancy.sql) there is nothing to give.
do $$
declare
  worker_table regclass;
begin
  -- Whatever makes backups writes down how they went, and takes nothing back.
  if exists (select from pg_roles where rolname = 'slotkeeper_backup') then
    grant usage on schema public to slotkeeper_backup;
    grant select, insert on backup_run to slotkeeper_backup;
  end if;

  if not exists (select from pg_roles where rolname = 'slotkeeper_app') then return; end if;

  grant usage on schema public, auth, graphile_worker to slotkeeper_app;
  grant select, insert, update, delete on all tables in schema public to slotkeeper_app;
  grant select, insert, update, delete on all tables in schema auth to slotkeeper_app;
  revoke insert, update, delete on schema_migration from slotkeeper_app;
  -- Everybody reads which organization an address belongs to; nobody takes one away.
  revoke update, delete on organization_slug from slotkeeper_app;
  revoke update, delete on audit_event, audit_seal from slotkeeper_app;
  -- The parts of the trail, in the schema audit, are reached through audit_event alone. Only the owner drops
  -- them, and a function of the owner's, when they are older than seven years.
  revoke insert, update, delete on audit_anchor from slotkeeper_app;
  revoke insert, update, delete on backup_run from slotkeeper_app;
  grant execute on function audit_make_parts(), audit_drop_oldest_part(integer) to slotkeeper_app;

  grant select, insert, update, delete on all tables in schema graphile_worker to slotkeeper_app;
  grant usage, select on all sequences in schema graphile_worker to slotkeeper_app;
  grant execute on all functions in schema graphile_worker to slotkeeper_app;
  -- The queue is shared by all organizations and hides its tables behind row-level security without a policy. One that
  -- has its policy is left alone: to make it anew would lock the queue, and everybody who books while this runs.
  for worker_table in
    select c.oid from pg_class c
    where c.relnamespace = 'graphile_worker'::regnamespace and c.relrowsecurity
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'application')
  loop
    execute format('create policy application on %s to slotkeeper_app using (true) with check (true)', worker_table);
  end loop;
end
$$;

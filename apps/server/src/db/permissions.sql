-- What the application's role may do. Applied after every migration, so that no new table is forgotten: a table gets
-- reading and writing of rows, unless it is append-only. Without the role (see 0001_tenancy.sql) there is nothing to give.
do $$
declare
  worker_table regclass;
begin
  if not exists (select from pg_roles where rolname = 'slotkeeper_app') then return; end if;

  grant usage on schema public, auth, graphile_worker to slotkeeper_app;
  grant select, insert, update, delete on all tables in schema public to slotkeeper_app;
  grant select, insert, update, delete on all tables in schema auth to slotkeeper_app;
  revoke insert, update, delete on schema_migration from slotkeeper_app;
  -- Everybody reads which organization an address belongs to; nobody takes one away.
  revoke update, delete on organization_slug from slotkeeper_app;
  revoke update, delete on audit_event, audit_seal from slotkeeper_app;
  -- The parts of the trail, in the schema audit, are reached through audit_event alone; only the owner drops them.
  revoke insert, update, delete on audit_anchor from slotkeeper_app;
  grant execute on function audit_make_parts() to slotkeeper_app;

  grant select, insert, update, delete on all tables in schema graphile_worker to slotkeeper_app;
  grant usage, select on all sequences in schema graphile_worker to slotkeeper_app;
  grant execute on all functions in schema graphile_worker to slotkeeper_app;
  -- The queue is shared by all organizations and hides its tables behind row-level security without a policy.
  for worker_table in
    select c.oid from pg_class c where c.relnamespace = 'graphile_worker'::regnamespace and c.relrowsecurity
  loop
    execute format('drop policy if exists application on %s', worker_table);
    execute format('create policy application on %s to slotkeeper_app using (true) with check (true)', worker_table);
  end loop;
end
$$;

-- Up Migration
-- Why: the ground every other table stands on: who the tenant is, and how the database keeps tenants apart.
-- Locks: nothing that exists. Last release: there is none.
create extension if not exists btree_gist;
create extension if not exists citext;

-- The role the application works as: it reads and writes rows, it cannot change the schema. Where the migrating user may
-- not create roles (some hosted databases), the application works as that user and row-level security still binds it.
do $$
begin
  create role slotkeeper_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then raise notice 'cannot create the role slotkeeper_app: the application will work as the migrating user';
end
$$;
do $$
begin
  execute format('grant slotkeeper_app to %I', current_user);
exception
  when undefined_object or insufficient_privilege then raise notice 'cannot grant slotkeeper_app to the migrating user';
  when others then
    -- Several databases of one cluster may be migrated at the same moment; the loser's grant is already there.
    if sqlerrm not like '%concurrently updated%' then raise; end if;
end
$$;

-- The tenant and the user of the running transaction, set by withTenant and withUser. Unset means no rows at all.
create function current_organization() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('app.organization_id', true), '')::uuid;
create function current_user_id() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('app.user_id', true), '')::uuid;

-- Ends the running transaction with an SQLSTATE of our own when what a decision stood on is no longer so.
create function fail_unless(holds boolean, code text) returns void
  language plpgsql
as $$
begin
  if holds is not true then
    raise exception using errcode = code, message = 'what the decision stood on has changed';
  end if;
end
$$;

-- Puts a tenant table behind row-level security, for its owner too.
create procedure isolate_by_tenant(tenant_table regclass)
  language plpgsql
as $$
begin
  execute format('alter table %s enable row level security', tenant_table);
  execute format('alter table %s force row level security', tenant_table);
  execute format('create policy tenant on %s using (organization_id = current_organization())', tenant_table);
end
$$;

create table organization (
  id uuid primary key,
  name text not null check (length(name) between 1 and 120),
  description text not null default '' check (length(description) <= 2000),
  time_zone text not null check (length(time_zone) between 1 and 64),
  locale text not null check (length(locale) between 2 and 35),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  accent text not null default '#2f6f5e' check (accent ~ '^#[0-9a-f]{6}$'),
  -- Grows with every change of services, staff, schedules or settings: what was computed from an older number is stale.
  config_version bigint not null default 1,
  created_at timestamptz not null default now()
);
alter table organization enable row level security;
alter table organization force row level security;
create policy tenant on organization using (id = current_organization());

-- Which organization a public address belongs to. Public by nature, therefore outside of row-level security.
create table organization_slug (
  slug text primary key check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$'),
  organization_id uuid not null unique references organization (id) on delete cascade
);

-- Down Migration
drop table organization_slug;
drop table organization;
drop procedure isolate_by_tenant(regclass);
drop function fail_unless(boolean, text);
drop function current_user_id();
drop function current_organization();

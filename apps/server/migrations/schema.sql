-- Written by `npm run generate`: the schema after all migrations. Change it by a new migration.

CREATE OR REPLACE FUNCTION public.audit_drop_oldest_part(years integer)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '2s'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.audit_make_parts()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.audit_seal_at()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  new.at := (select e.at from public.audit_event e
    where e.organization_id = new.organization_id and e.id = new.event_id);
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.booking_step()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if (old.state, new.state) not in (('pending', 'confirmed'), ('pending', 'cancelled'), ('confirmed', 'completed'),
    ('confirmed', 'no_show'), ('confirmed', 'cancelled'), ('completed', 'no_show'), ('no_show', 'completed'))
  then
    raise exception 'a booking that is % cannot become %', old.state, new.state using errcode = 'SK005';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.current_organization()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid;

CREATE OR REPLACE FUNCTION public.current_user_id()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid;

CREATE OR REPLACE FUNCTION public.fail_unless(holds boolean, code text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if holds is not true then
    raise exception using errcode = code, message = 'what the decision stood on has changed';
  end if;
end
$function$;

CREATE OR REPLACE PROCEDURE public.isolate_by_tenant(IN tenant_table regclass)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('alter table %s enable row level security', tenant_table);
  execute format('alter table %s force row level security', tenant_table);
  execute format('create policy tenant on %s using (organization_id = current_organization())', tenant_table);
end
$procedure$;

create table auth.account (
  id uuid not null default gen_random_uuid(),
  "accountId" text not null,
  "providerId" text not null,
  "userId" uuid not null,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamp with time zone,
  "refreshTokenExpiresAt" timestamp with time zone,
  scope text,
  password text,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null,
  constraint account_pkey PRIMARY KEY (id),
  constraint "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES auth."user"(id) ON DELETE CASCADE
);
CREATE INDEX account_user_id ON auth.account USING btree ("userId");

create table auth.session (
  id uuid not null default gen_random_uuid(),
  "expiresAt" timestamp with time zone not null,
  token text not null,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" uuid not null,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_token_key UNIQUE (token),
  constraint "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES auth."user"(id) ON DELETE CASCADE
);
CREATE INDEX session_user_id ON auth.session USING btree ("userId");

create table auth."user" (
  id uuid not null default gen_random_uuid(),
  name text not null,
  email text not null,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  constraint user_pkey PRIMARY KEY (id),
  constraint user_email_key UNIQUE (email)
);

create table auth.verification (
  id uuid not null default gen_random_uuid(),
  identifier text not null,
  value text not null,
  "expiresAt" timestamp with time zone not null,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  constraint verification_pkey PRIMARY KEY (id)
);
CREATE INDEX verification_identifier ON auth.verification USING btree (identifier);

create table api_key (
  organization_id uuid not null,
  id uuid not null,
  name text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  created_by uuid not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_key_pkey PRIMARY KEY (organization_id, id),
  constraint api_key_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint api_key_check CHECK (((expires_at > created_at) AND ((expires_at - created_at) <= '366 days'::interval))),
  constraint api_key_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint api_key_scopes_check CHECK (((cardinality(scopes) > 0) AND (scopes <@ ARRAY['read'::text, 'bookings:write'::text, 'setup:write'::text]))),
  constraint api_key_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
alter table api_key enable row level security;
alter table api_key force row level security;
CREATE INDEX api_key_created ON public.api_key USING btree (organization_id, created_at DESC, id DESC);
create policy tenant on api_key using ((organization_id = current_organization()));

create table audit_anchor (
  organization_id uuid not null,
  first_position bigint not null,
  "position" bigint not null,
  hash bytea not null,
  dropped_at timestamp with time zone not null default now(),
  constraint audit_anchor_pkey PRIMARY KEY (organization_id, first_position),
  constraint audit_anchor_check CHECK (("position" >= first_position)),
  constraint audit_anchor_first_position_check CHECK ((first_position > 0)),
  constraint audit_anchor_hash_check CHECK ((octet_length(hash) = 32))
);
alter table audit_anchor enable row level security;
alter table audit_anchor force row level security;
create policy tenant on audit_anchor using ((organization_id = current_organization()));

create table audit_event (
  organization_id uuid not null,
  id uuid not null,
  at timestamp with time zone not null default now(),
  actor_kind text not null,
  actor_id uuid,
  action text not null,
  entity text not null,
  entity_id uuid not null,
  detail jsonb not null default '{}'::jsonb,
  constraint audit_event_pkey PRIMARY KEY (organization_id, id, at),
  constraint audit_event_action_check CHECK (((length(action) >= 1) AND (length(action) <= 80))),
  constraint audit_event_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['customer'::text, 'member'::text, 'key'::text, 'system'::text]))),
  constraint audit_event_detail_check CHECK ((jsonb_typeof(detail) = 'object'::text)),
  constraint audit_event_entity_check CHECK (((length(entity) >= 1) AND (length(entity) <= 40)))
) partition by RANGE (at);
alter table audit_event enable row level security;
alter table audit_event force row level security;
CREATE INDEX audit_event_at ON ONLY public.audit_event USING btree (organization_id, at DESC, id DESC);
CREATE INDEX audit_event_entity ON ONLY public.audit_event USING btree (organization_id, entity, entity_id, at);
create policy tenant on audit_event using ((organization_id = current_organization()));

create table audit_seal (
  organization_id uuid not null,
  "position" bigint not null,
  event_id uuid not null,
  hash bytea not null,
  at timestamp with time zone not null,
  constraint audit_seal_pkey PRIMARY KEY (organization_id, "position"),
  constraint audit_seal_organization_id_event_id_key UNIQUE (organization_id, event_id),
  constraint audit_seal_hash_check CHECK ((octet_length(hash) = 32)),
  constraint audit_seal_position_check CHECK (("position" > 0))
);
alter table audit_seal enable row level security;
alter table audit_seal force row level security;
CREATE INDEX audit_seal_at ON public.audit_seal USING btree (organization_id, at);
create policy tenant on audit_seal using ((organization_id = current_organization()));

create table backup_run (
  id bigint not null,
  kind text not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone not null default now(),
  ok boolean not null,
  detail jsonb not null default '{}'::jsonb,
  constraint backup_run_pkey PRIMARY KEY (id),
  constraint backup_run_kind_check CHECK ((kind = ANY (ARRAY['full'::text, 'diff'::text, 'incr'::text, 'dump'::text, 'verify'::text])))
);

create table booking (
  organization_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  provider_id uuid not null,
  customer_id uuid not null,
  state text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  customer_name text not null,
  time_zone text not null,
  locale text not null,
  seats integer not null default 1,
  price_minor bigint not null,
  currency text not null,
  answers jsonb not null default '{}'::jsonb,
  attendees jsonb not null default '[]'::jsonb,
  sequence integer not null default 0,
  link_version integer not null default 1,
  source text not null,
  created_at timestamp with time zone not null default now(),
  cancelled_at timestamp with time zone,
  cancelled_by text,
  cancel_reason text,
  claims_time boolean not null default true,
  checked_in_at timestamp with time zone,
  cancelled_late boolean not null default false,
  bundle_id uuid,
  constraint booking_pkey PRIMARY KEY (organization_id, id),
  constraint booking_bundle_fkey FOREIGN KEY (organization_id, bundle_id) REFERENCES bundle(organization_id, id),
  constraint booking_organization_id_customer_id_fkey FOREIGN KEY (organization_id, customer_id) REFERENCES customer(organization_id, id),
  constraint booking_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES provider(organization_id, id),
  constraint booking_organization_id_service_id_fkey FOREIGN KEY (organization_id, service_id) REFERENCES service(organization_id, id),
  constraint booking_answers_check CHECK ((jsonb_typeof(answers) = 'object'::text)),
  constraint booking_attendees_check CHECK ((jsonb_typeof(attendees) = 'array'::text)),
  constraint booking_cancel_reason_check CHECK ((length(cancel_reason) <= 1000)),
  constraint booking_cancelled_by_check CHECK ((cancelled_by = ANY (ARRAY['customer'::text, 'member'::text, 'system'::text]))),
  constraint booking_check CHECK ((starts_at < ends_at)),
  constraint booking_check1 CHECK (((state = 'cancelled'::text) = ((cancelled_at IS NOT NULL) AND (cancelled_by IS NOT NULL)))),
  constraint booking_checked_in_check CHECK (((checked_in_at IS NULL) OR (state = ANY (ARRAY['confirmed'::text, 'completed'::text])))),
  constraint booking_claims_time_check CHECK ((claims_time OR (state = ANY (ARRAY['pending'::text, 'cancelled'::text])))),
  constraint booking_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint booking_customer_name_check CHECK (((length(customer_name) >= 1) AND (length(customer_name) <= 200))),
  constraint booking_price_minor_check CHECK ((price_minor >= 0)),
  constraint booking_seats_check CHECK (((seats >= 1) AND (seats <= 1000))),
  constraint booking_sequence_check CHECK ((sequence >= 0)),
  constraint booking_source_check CHECK ((source = ANY (ARRAY['public'::text, 'member'::text]))),
  constraint booking_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'confirmed'::text, 'cancelled'::text, 'completed'::text, 'no_show'::text])))
);
alter table booking enable row level security;
alter table booking force row level security;
CREATE INDEX booking_bundle ON public.booking USING btree (organization_id, bundle_id) WHERE (bundle_id IS NOT NULL);
CREATE INDEX booking_customer ON public.booking USING btree (organization_id, customer_id, starts_at);
CREATE INDEX booking_provider ON public.booking USING btree (organization_id, provider_id, starts_at);
CREATE INDEX booking_starts ON public.booking USING btree (organization_id, starts_at, id);
create policy tenant on booking using ((organization_id = current_organization()));

create table bundle (
  organization_id uuid not null,
  id uuid not null,
  kind text not null,
  rule text,
  time_zone text not null,
  created_at timestamp with time zone not null default now(),
  constraint bundle_pkey PRIMARY KEY (organization_id, id),
  constraint bundle_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint bundle_check CHECK (((kind = 'series'::text) = (rule IS NOT NULL))),
  constraint bundle_kind_check CHECK ((kind = ANY (ARRAY['series'::text, 'visit'::text]))),
  constraint bundle_rule_check CHECK (((length(rule) >= 1) AND (length(rule) <= 300))),
  constraint bundle_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);
alter table bundle enable row level security;
alter table bundle force row level security;
create policy tenant on bundle using ((organization_id = current_organization()));

create table claim (
  organization_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  unit smallint not null,
  during tstzrange not null,
  booking_id uuid,
  hold_id uuid,
  session_id uuid,
  starts_at timestamp with time zone not null generated always as (lower(during)) stored,
  ends_at timestamp with time zone not null generated always as (upper(during)) stored,
  before_min smallint not null default 0,
  after_min smallint not null default 0,
  constraint claim_pkey PRIMARY KEY (organization_id, id),
  constraint claim_no_overlap EXCLUDE USING gist (organization_id WITH =, subject_id WITH =, unit WITH =, during WITH &&),
  constraint claim_organization_id_booking_id_fkey FOREIGN KEY (organization_id, booking_id) REFERENCES booking(organization_id, id) ON DELETE CASCADE,
  constraint claim_organization_id_hold_id_fkey FOREIGN KEY (organization_id, hold_id) REFERENCES hold(organization_id, id) ON DELETE CASCADE,
  constraint claim_organization_id_session_id_fkey FOREIGN KEY (organization_id, session_id) REFERENCES group_session(organization_id, id) ON DELETE CASCADE,
  constraint claim_organization_id_subject_id_fkey FOREIGN KEY (organization_id, subject_id) REFERENCES subject(organization_id, id),
  constraint claim_check CHECK ((num_nonnulls(booking_id, hold_id, session_id) = 1)),
  constraint claim_during_check CHECK (((NOT isempty(during)) AND lower_inc(during) AND (NOT upper_inc(during)) AND (NOT lower_inf(during)) AND (NOT upper_inf(during)))),
  constraint claim_unit_check CHECK (((unit >= 1) AND (unit <= 100)))
);
alter table claim enable row level security;
alter table claim force row level security;
CREATE INDEX claim_booking ON public.claim USING btree (organization_id, booking_id) WHERE (booking_id IS NOT NULL);
CREATE INDEX claim_hold ON public.claim USING btree (organization_id, hold_id) WHERE (hold_id IS NOT NULL);
CREATE INDEX claim_session ON public.claim USING btree (organization_id, session_id) WHERE (session_id IS NOT NULL);
CREATE INDEX claim_subject_ends ON public.claim USING btree (organization_id, subject_id, ends_at) INCLUDE (starts_at, unit, hold_id, session_id);
create policy tenant on claim using ((organization_id = current_organization()));

create table customer (
  organization_id uuid not null,
  id uuid not null,
  name text not null,
  email citext not null,
  phone text,
  time_zone text not null,
  locale text not null,
  notes text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  erased_at timestamp with time zone,
  constraint customer_pkey PRIMARY KEY (organization_id, id),
  constraint customer_organization_id_email_key UNIQUE (organization_id, email),
  constraint customer_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint customer_email_check CHECK (((length((email)::text) >= 3) AND (length((email)::text) <= 254))),
  constraint customer_locale_check CHECK (((length(locale) >= 2) AND (length(locale) <= 35))),
  constraint customer_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint customer_notes_check CHECK ((length(notes) <= 10000)),
  constraint customer_phone_check CHECK ((length(phone) <= 40)),
  constraint customer_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);
alter table customer enable row level security;
alter table customer force row level security;
create policy tenant on customer using ((organization_id = current_organization()));

create table figure (
  name text not null,
  label text not null,
  value double precision not null,
  counted_at timestamp with time zone not null,
  constraint figure_pkey PRIMARY KEY (name, label),
  constraint figure_label_check CHECK (((length(label) >= 1) AND (length(label) <= 40))),
  constraint figure_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
);

create table group_session (
  organization_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  provider_id uuid not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  capacity integer not null,
  constraint group_session_pkey PRIMARY KEY (organization_id, id),
  constraint group_session_organization_id_provider_id_starts_at_key UNIQUE (organization_id, provider_id, starts_at),
  constraint group_session_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint group_session_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES provider(organization_id, id),
  constraint group_session_organization_id_service_id_fkey FOREIGN KEY (organization_id, service_id) REFERENCES service(organization_id, id),
  constraint group_session_capacity_check CHECK (((capacity >= 1) AND (capacity <= 1000))),
  constraint group_session_check CHECK ((starts_at < ends_at))
);
alter table group_session enable row level security;
alter table group_session force row level security;
CREATE INDEX group_session_service ON public.group_session USING btree (organization_id, service_id, starts_at);
create policy tenant on group_session using ((organization_id = current_organization()));

create table hold (
  organization_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  provider_id uuid not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  seats integer not null default 1,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  extended boolean not null default false,
  holder bytea,
  place smallint,
  constraint hold_pkey PRIMARY KEY (organization_id, id),
  constraint hold_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint hold_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES provider(organization_id, id),
  constraint hold_organization_id_service_id_fkey FOREIGN KEY (organization_id, service_id) REFERENCES service(organization_id, id),
  constraint hold_check CHECK ((starts_at < ends_at)),
  constraint hold_holder_check CHECK ((octet_length(holder) = 16)),
  constraint hold_holder_place CHECK (((holder IS NULL) = (place IS NULL))),
  constraint hold_place_check CHECK ((place >= 1)),
  constraint hold_seats_check CHECK (((seats >= 1) AND (seats <= 1000)))
);
alter table hold enable row level security;
alter table hold force row level security;
CREATE INDEX hold_expires ON public.hold USING btree (organization_id, expires_at);
CREATE UNIQUE INDEX hold_place ON public.hold USING btree (organization_id, holder, place) WHERE (holder IS NOT NULL);
CREATE INDEX hold_provider ON public.hold USING btree (organization_id, provider_id);
CREATE INDEX hold_service ON public.hold USING btree (organization_id, service_id);
create policy tenant on hold using ((organization_id = current_organization()));

create table idempotency_key (
  organization_id uuid not null,
  key text not null,
  request_hash bytea not null,
  status smallint not null,
  body jsonb not null,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_key_pkey PRIMARY KEY (organization_id, key),
  constraint idempotency_key_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint idempotency_key_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200))),
  constraint idempotency_key_request_hash_check CHECK ((octet_length(request_hash) = 32))
);
alter table idempotency_key enable row level security;
alter table idempotency_key force row level security;
CREATE INDEX idempotency_key_created ON public.idempotency_key USING btree (organization_id, created_at);
create policy tenant on idempotency_key using ((organization_id = current_organization()));

create table location (
  organization_id uuid not null,
  id uuid not null,
  kind text not null,
  name text not null,
  detail text not null default ''::text,
  time_zone text,
  constraint location_pkey PRIMARY KEY (organization_id, id),
  constraint location_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint location_detail_check CHECK ((length(detail) <= 500)),
  constraint location_kind_check CHECK ((kind = ANY (ARRAY['address'::text, 'phone'::text, 'video'::text]))),
  constraint location_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint location_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);
alter table location enable row level security;
alter table location force row level security;
create policy tenant on location using ((organization_id = current_organization()));

create table maintenance (
  only_one boolean not null default true,
  reason text,
  began_at timestamp with time zone not null,
  expected_end timestamp with time zone,
  constraint maintenance_pkey PRIMARY KEY (only_one),
  constraint maintenance_only_one_check CHECK (only_one),
  constraint maintenance_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);

create table member (
  organization_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  role text not null,
  provider_id uuid,
  created_at timestamp with time zone not null default now(),
  constraint member_pkey PRIMARY KEY (organization_id, id),
  constraint member_organization_id_user_id_key UNIQUE (organization_id, user_id),
  constraint member_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint member_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES provider(organization_id, id),
  constraint member_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE,
  constraint member_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'manager'::text, 'provider'::text, 'viewer'::text])))
);
alter table member enable row level security;
alter table member force row level security;
CREATE INDEX member_provider ON public.member USING btree (organization_id, provider_id);
CREATE INDEX member_user ON public.member USING btree (user_id);
create policy tenant on member using (((organization_id = current_organization()) OR (user_id = current_user_id()))) with check ((organization_id = current_organization()));

create table message (
  organization_id uuid not null,
  id uuid not null,
  booking_id uuid,
  kind text not null,
  channel text not null,
  audience text not null,
  recipient text not null,
  locale text not null,
  facts jsonb not null,
  state text not null default 'queued'::text,
  attempts integer not null default 0,
  last_error text,
  created_at timestamp with time zone not null default now(),
  sent_at timestamp with time zone,
  wish_id uuid,
  constraint message_pkey PRIMARY KEY (organization_id, id),
  constraint message_audience_check CHECK ((audience = ANY (ARRAY['customer'::text, 'provider'::text]))),
  constraint message_channel_check CHECK ((channel = 'email'::text)),
  constraint message_check CHECK (((state = 'sent'::text) = (sent_at IS NOT NULL))),
  constraint message_facts_check CHECK ((jsonb_typeof(facts) = 'object'::text)),
  constraint message_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 60))),
  constraint message_last_error_check CHECK ((length(last_error) <= 1000)),
  constraint message_recipient_check CHECK (((length(recipient) >= 3) AND (length(recipient) <= 254))),
  constraint message_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text])))
);
alter table message enable row level security;
alter table message force row level security;
CREATE INDEX message_booking ON public.message USING btree (organization_id, booking_id);
CREATE INDEX message_created ON public.message USING btree (organization_id, created_at DESC, id DESC);
CREATE INDEX message_queued ON public.message USING btree (organization_id, created_at) WHERE (state = 'queued'::text);
CREATE INDEX message_wish ON public.message USING btree (organization_id, wish_id) WHERE (wish_id IS NOT NULL);
create policy tenant on message using ((organization_id = current_organization()));

create table organization (
  id uuid not null,
  name text not null,
  description text not null default ''::text,
  time_zone text not null,
  locale text not null,
  currency text not null,
  accent text not null default '#2f6f5e'::text,
  config_version bigint not null default 1,
  created_at timestamp with time zone not null default now(),
  constraint organization_pkey PRIMARY KEY (id),
  constraint organization_accent_check CHECK ((accent ~ '^#[0-9a-f]{6}$'::text)),
  constraint organization_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint organization_description_check CHECK ((length(description) <= 2000)),
  constraint organization_locale_check CHECK (((length(locale) >= 2) AND (length(locale) <= 35))),
  constraint organization_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint organization_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);
alter table organization enable row level security;
alter table organization force row level security;
create policy tenant on organization using ((id = current_organization()));

create table organization_slug (
  slug text not null,
  organization_id uuid not null,
  constraint organization_slug_pkey PRIMARY KEY (slug),
  constraint organization_slug_organization_id_key UNIQUE (organization_id),
  constraint organization_slug_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint organization_slug_slug_check CHECK ((slug ~ '^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$'::text))
);

create table provider (
  organization_id uuid not null,
  id uuid not null,
  name text not null,
  title text not null default ''::text,
  email citext,
  colour text not null default '#2f6f5e'::text,
  schedule_id uuid not null,
  "position" integer not null default 0,
  active boolean not null default true,
  limits jsonb not null default '[]'::jsonb,
  constraint provider_pkey PRIMARY KEY (organization_id, id),
  constraint provider_organization_id_id_fkey FOREIGN KEY (organization_id, id) REFERENCES subject(organization_id, id) ON DELETE CASCADE,
  constraint provider_organization_id_schedule_id_fkey FOREIGN KEY (organization_id, schedule_id) REFERENCES schedule(organization_id, id),
  constraint provider_colour_check CHECK ((colour ~ '^#[0-9a-f]{6}$'::text)),
  constraint provider_email_check CHECK ((length((email)::text) <= 254)),
  constraint provider_limits_check CHECK ((jsonb_typeof(limits) = 'array'::text)),
  constraint provider_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint provider_title_check CHECK ((length(title) <= 120))
);
alter table provider enable row level security;
alter table provider force row level security;
CREATE INDEX provider_schedule ON public.provider USING btree (organization_id, schedule_id);
create policy tenant on provider using ((organization_id = current_organization()));

create table requirement (
  organization_id uuid not null,
  service_id uuid not null,
  "position" smallint not null,
  kind text not null,
  quantity smallint not null default 1,
  segment smallint not null default 0,
  assign text not null default 'in_order'::text,
  fair_days smallint not null default 30,
  constraint requirement_pkey PRIMARY KEY (organization_id, service_id, "position"),
  constraint requirement_organization_id_service_id_fkey FOREIGN KEY (organization_id, service_id) REFERENCES service(organization_id, id) ON DELETE CASCADE,
  constraint requirement_assign_check CHECK ((assign = ANY (ARRAY['in_order'::text, 'by_turn'::text]))),
  constraint requirement_fair_days_check CHECK (((fair_days >= 1) AND (fair_days <= 366))),
  constraint requirement_kind_check CHECK ((kind = ANY (ARRAY['provider'::text, 'resource'::text]))),
  constraint requirement_position_check CHECK ((("position" >= 0) AND ("position" <= 20))),
  constraint requirement_quantity_check CHECK (((quantity >= 1) AND (quantity <= 20))),
  constraint requirement_segment_check CHECK (((segment >= 0) AND (segment <= 7)))
);
alter table requirement enable row level security;
alter table requirement force row level security;
create policy tenant on requirement using ((organization_id = current_organization()));

create table requirement_subject (
  organization_id uuid not null,
  service_id uuid not null,
  "position" smallint not null,
  subject_id uuid not null,
  weight smallint not null default 1,
  priority smallint not null default 0,
  constraint requirement_subject_pkey PRIMARY KEY (organization_id, service_id, "position", subject_id),
  constraint requirement_subject_organization_id_service_id_position_fkey FOREIGN KEY (organization_id, service_id, "position") REFERENCES requirement(organization_id, service_id, "position") ON DELETE CASCADE,
  constraint requirement_subject_organization_id_subject_id_fkey FOREIGN KEY (organization_id, subject_id) REFERENCES subject(organization_id, id) ON DELETE CASCADE,
  constraint requirement_subject_priority_check CHECK (((priority >= 0) AND (priority <= 100))),
  constraint requirement_subject_weight_check CHECK (((weight >= 1) AND (weight <= 100)))
);
alter table requirement_subject enable row level security;
alter table requirement_subject force row level security;
CREATE INDEX requirement_subject_subject ON public.requirement_subject USING btree (organization_id, subject_id);
create policy tenant on requirement_subject using ((organization_id = current_organization()));

create table resource (
  organization_id uuid not null,
  id uuid not null,
  name text not null,
  quantity smallint not null default 1,
  active boolean not null default true,
  set_up_min smallint not null default 0,
  clean_up_min smallint not null default 0,
  schedule_id uuid,
  constraint resource_pkey PRIMARY KEY (organization_id, id),
  constraint resource_organization_id_id_fkey FOREIGN KEY (organization_id, id) REFERENCES subject(organization_id, id) ON DELETE CASCADE,
  constraint resource_organization_id_schedule_id_fkey FOREIGN KEY (organization_id, schedule_id) REFERENCES schedule(organization_id, id),
  constraint resource_clean_up_min_check CHECK (((clean_up_min >= 0) AND (clean_up_min <= 1440))),
  constraint resource_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint resource_quantity_check CHECK (((quantity >= 1) AND (quantity <= 100))),
  constraint resource_set_up_min_check CHECK (((set_up_min >= 0) AND (set_up_min <= 1440)))
);
alter table resource enable row level security;
alter table resource force row level security;
CREATE INDEX resource_schedule ON public.resource USING btree (organization_id, schedule_id);
create policy tenant on resource using ((organization_id = current_organization()));

create table schedule (
  organization_id uuid not null,
  id uuid not null,
  name text not null,
  time_zone text not null,
  holiday_country text,
  holiday_region text,
  constraint schedule_pkey PRIMARY KEY (organization_id, id),
  constraint schedule_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint schedule_holiday_country_check CHECK ((holiday_country ~ '^[A-Z]{2}$'::text)),
  constraint schedule_holiday_region_check CHECK ((((length(holiday_region) >= 1) AND (length(holiday_region) <= 40)) AND ((holiday_region IS NULL) OR (holiday_country IS NOT NULL)))),
  constraint schedule_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint schedule_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);
alter table schedule enable row level security;
alter table schedule force row level security;
create policy tenant on schedule using ((organization_id = current_organization()));

create table schedule_closure (
  organization_id uuid not null,
  schedule_id uuid not null,
  from_date date not null,
  to_date date not null,
  name text,
  constraint schedule_closure_pkey PRIMARY KEY (organization_id, schedule_id, from_date, to_date),
  constraint schedule_closure_organization_id_schedule_id_fkey FOREIGN KEY (organization_id, schedule_id) REFERENCES schedule(organization_id, id) ON DELETE CASCADE,
  constraint schedule_closure_check CHECK ((from_date <= to_date)),
  constraint schedule_closure_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120)))
);
alter table schedule_closure enable row level security;
alter table schedule_closure force row level security;
create policy tenant on schedule_closure using ((organization_id = current_organization()));

create table schedule_override (
  organization_id uuid not null,
  schedule_id uuid not null,
  on_date date not null,
  start_min smallint,
  end_min smallint,
  constraint schedule_override_no_overlap EXCLUDE USING gist (organization_id WITH =, schedule_id WITH =, on_date WITH =, int4range(COALESCE((start_min)::integer, 0), COALESCE((end_min)::integer, 1440)) WITH &&),
  constraint schedule_override_organization_id_schedule_id_fkey FOREIGN KEY (organization_id, schedule_id) REFERENCES schedule(organization_id, id) ON DELETE CASCADE,
  constraint schedule_override_check CHECK (((start_min IS NULL) = (end_min IS NULL))),
  constraint schedule_override_check1 CHECK ((start_min < end_min)),
  constraint schedule_override_end_min_check CHECK ((end_min <= (start_min + 1440))),
  constraint schedule_override_start_min_check CHECK (((start_min >= 0) AND (start_min <= 1439)))
);
alter table schedule_override enable row level security;
alter table schedule_override force row level security;
create policy tenant on schedule_override using ((organization_id = current_organization()));

create table schedule_stay (
  organization_id uuid not null,
  schedule_id uuid not null,
  from_date date not null,
  to_date date not null,
  time_zone text not null,
  constraint schedule_stay_pkey PRIMARY KEY (organization_id, schedule_id, from_date),
  constraint schedule_stay_no_overlap EXCLUDE USING gist (organization_id WITH =, schedule_id WITH =, daterange(from_date, to_date, '[]'::text) WITH &&),
  constraint schedule_stay_organization_id_schedule_id_fkey FOREIGN KEY (organization_id, schedule_id) REFERENCES schedule(organization_id, id) ON DELETE CASCADE,
  constraint schedule_stay_check CHECK ((from_date <= to_date)),
  constraint schedule_stay_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);
alter table schedule_stay enable row level security;
alter table schedule_stay force row level security;
create policy tenant on schedule_stay using ((organization_id = current_organization()));

create table schedule_window (
  organization_id uuid not null,
  schedule_id uuid not null,
  weekday smallint not null,
  start_min smallint not null,
  end_min smallint not null,
  constraint schedule_window_pkey PRIMARY KEY (organization_id, schedule_id, weekday, start_min),
  constraint schedule_window_no_overlap EXCLUDE USING gist (organization_id WITH =, schedule_id WITH =, weekday WITH =, int4range((start_min)::integer, (end_min)::integer) WITH &&),
  constraint schedule_window_organization_id_schedule_id_fkey FOREIGN KEY (organization_id, schedule_id) REFERENCES schedule(organization_id, id) ON DELETE CASCADE,
  constraint schedule_window_check CHECK ((start_min < end_min)),
  constraint schedule_window_end_min_check CHECK ((end_min <= (start_min + 1440))),
  constraint schedule_window_start_min_check CHECK (((start_min >= 0) AND (start_min <= 1439))),
  constraint schedule_window_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7)))
);
alter table schedule_window enable row level security;
alter table schedule_window force row level security;
create policy tenant on schedule_window using ((organization_id = current_organization()));
comment on column schedule_window.weekday is 'ISO 8601: Monday is 1';

create table seat (
  organization_id uuid not null,
  session_id uuid not null,
  number integer not null,
  booking_id uuid,
  hold_id uuid,
  constraint seat_pkey PRIMARY KEY (organization_id, session_id, number),
  constraint seat_organization_id_booking_id_fkey FOREIGN KEY (organization_id, booking_id) REFERENCES booking(organization_id, id) ON DELETE CASCADE,
  constraint seat_organization_id_hold_id_fkey FOREIGN KEY (organization_id, hold_id) REFERENCES hold(organization_id, id) ON DELETE CASCADE,
  constraint seat_organization_id_session_id_fkey FOREIGN KEY (organization_id, session_id) REFERENCES group_session(organization_id, id) ON DELETE CASCADE,
  constraint seat_check CHECK ((num_nonnulls(booking_id, hold_id) = 1)),
  constraint seat_number_check CHECK (((number >= 1) AND (number <= 1000)))
);
alter table seat enable row level security;
alter table seat force row level security;
CREATE INDEX seat_booking ON public.seat USING btree (organization_id, booking_id) WHERE (booking_id IS NOT NULL);
CREATE INDEX seat_hold ON public.seat USING btree (organization_id, hold_id) WHERE (hold_id IS NOT NULL);
create policy tenant on seat using ((organization_id = current_organization()));

create table service (
  organization_id uuid not null,
  id uuid not null,
  slug text not null,
  name text not null,
  description text not null default ''::text,
  durations_min integer[] not null,
  buffer_before_min integer not null default 0,
  buffer_after_min integer not null default 0,
  step_min integer not null,
  notice_min integer not null default 0,
  window_days integer not null default 60,
  capacity integer not null default 1,
  cancel_notice_min integer not null default 0,
  reschedule_notice_min integer not null default 0,
  price_minor bigint not null default 0,
  currency text not null,
  colour text not null default '#2f6f5e'::text,
  questions jsonb not null default '[]'::jsonb,
  schedule_id uuid,
  location_id uuid,
  "position" integer not null default 0,
  hidden boolean not null default false,
  active boolean not null default true,
  step_offset_min integer not null default 0,
  step_from text not null default 'window'::text,
  window_kind text not null default 'days'::text,
  window_from date,
  window_to date,
  useful_gap_min integer,
  first_of_day boolean not null default false,
  limits jsonb not null default '[]'::jsonb,
  segments_min integer[] not null default '{}'::integer[],
  approval text not null default 'none'::text,
  no_show_limit smallint,
  constraint service_pkey PRIMARY KEY (organization_id, id),
  constraint service_organization_id_slug_key UNIQUE (organization_id, slug),
  constraint service_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint service_organization_id_location_id_fkey FOREIGN KEY (organization_id, location_id) REFERENCES location(organization_id, id),
  constraint service_organization_id_schedule_id_fkey FOREIGN KEY (organization_id, schedule_id) REFERENCES schedule(organization_id, id),
  constraint service_approval_check CHECK ((approval = ANY (ARRAY['none'::text, 'blocking'::text, 'open'::text]))),
  constraint service_buffer_after_min_check CHECK (((buffer_after_min >= 0) AND (buffer_after_min <= 1440))),
  constraint service_buffer_before_min_check CHECK (((buffer_before_min >= 0) AND (buffer_before_min <= 1440))),
  constraint service_cancel_notice_min_check CHECK (((cancel_notice_min >= 0) AND (cancel_notice_min <= 525600))),
  constraint service_capacity_check CHECK (((capacity >= 1) AND (capacity <= 1000))),
  constraint service_colour_check CHECK ((colour ~ '^#[0-9a-f]{6}$'::text)),
  constraint service_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint service_description_check CHECK ((length(description) <= 2000)),
  constraint service_durations_min_check CHECK ((((cardinality(durations_min) >= 1) AND (cardinality(durations_min) <= 8)) AND (0 < ALL (durations_min)))),
  constraint service_limits_check CHECK ((jsonb_typeof(limits) = 'array'::text)),
  constraint service_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint service_no_show_limit_check CHECK (((no_show_limit >= 1) AND (no_show_limit <= 100))),
  constraint service_notice_min_check CHECK (((notice_min >= 0) AND (notice_min <= 525600))),
  constraint service_price_minor_check CHECK ((price_minor >= 0)),
  constraint service_questions_check CHECK ((jsonb_typeof(questions) = 'array'::text)),
  constraint service_reschedule_notice_min_check CHECK (((reschedule_notice_min >= 0) AND (reschedule_notice_min <= 525600))),
  constraint service_segments_min_check CHECK (((cardinality(segments_min) <= 8) AND (0 < ALL (segments_min)))),
  constraint service_slug_check CHECK ((slug ~ '^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$'::text)),
  constraint service_step_from_check CHECK ((step_from = ANY (ARRAY['window'::text, 'midnight'::text]))),
  constraint service_step_min_check CHECK (((step_min >= 1) AND (step_min <= 1440))),
  constraint service_step_offset_min_check CHECK (((step_offset_min >= 0) AND (step_offset_min <= 1440))),
  constraint service_useful_gap_min_check CHECK (((useful_gap_min >= 1) AND (useful_gap_min <= 1440))),
  constraint service_window_days_check CHECK (((window_days >= 1) AND (window_days <= 730))),
  constraint service_window_kind_check CHECK ((window_kind = ANY (ARRAY['days'::text, 'business_days'::text, 'range'::text]))),
  constraint service_window_range_check CHECK ((((window_kind = 'range'::text) = ((window_from IS NOT NULL) AND (window_to IS NOT NULL))) AND (window_from <= window_to)))
);
alter table service enable row level security;
alter table service force row level security;
CREATE INDEX service_location ON public.service USING btree (organization_id, location_id);
CREATE INDEX service_schedule ON public.service USING btree (organization_id, schedule_id);
create policy tenant on service using ((organization_id = current_organization()));

create table subject (
  organization_id uuid not null,
  id uuid not null,
  kind text not null,
  version bigint not null default 1,
  constraint subject_pkey PRIMARY KEY (organization_id, id),
  constraint subject_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint subject_kind_check CHECK ((kind = ANY (ARRAY['provider'::text, 'resource'::text])))
);
alter table subject enable row level security;
alter table subject force row level security;
alter table subject set (fillfactor=50);
create policy tenant on subject using ((organization_id = current_organization()));

create table time_off (
  organization_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  starts_on date not null,
  start_min smallint not null,
  time_zone text not null,
  duration_min integer not null,
  rule text,
  except_dates date[] not null default '{}'::date[],
  note text not null default ''::text,
  constraint time_off_pkey PRIMARY KEY (organization_id, id),
  constraint time_off_organization_id_subject_id_fkey FOREIGN KEY (organization_id, subject_id) REFERENCES subject(organization_id, id) ON DELETE CASCADE,
  constraint time_off_duration_min_check CHECK (((duration_min >= 1) AND (duration_min <= 527040))),
  constraint time_off_except_dates_check CHECK ((cardinality(except_dates) <= 366)),
  constraint time_off_note_check CHECK ((length(note) <= 500)),
  constraint time_off_rule_check CHECK (((length(rule) >= 1) AND (length(rule) <= 500))),
  constraint time_off_start_min_check CHECK (((start_min >= 0) AND (start_min <= 1439))),
  constraint time_off_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);
alter table time_off enable row level security;
alter table time_off force row level security;
CREATE INDEX time_off_subject ON public.time_off USING btree (organization_id, subject_id, starts_on);
create policy tenant on time_off using ((organization_id = current_organization()));

create table wish (
  organization_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  customer_id uuid not null,
  customer_name text not null,
  time_zone text not null,
  locale text not null,
  provider_ids uuid[] not null default '{}'::uuid[],
  from_date date not null,
  until_date date not null,
  weekdays smallint[] not null,
  from_min smallint not null,
  until_min smallint not null,
  duration_min integer not null,
  seats integer not null default 1,
  earlier_id uuid,
  booking_id uuid,
  state text not null default 'waiting'::text,
  created_at timestamp with time zone not null default now(),
  constraint wish_pkey PRIMARY KEY (organization_id, id),
  constraint wish_organization_id_booking_id_fkey FOREIGN KEY (organization_id, booking_id) REFERENCES booking(organization_id, id) ON DELETE CASCADE,
  constraint wish_organization_id_customer_id_fkey FOREIGN KEY (organization_id, customer_id) REFERENCES customer(organization_id, id) ON DELETE CASCADE,
  constraint wish_organization_id_earlier_id_fkey FOREIGN KEY (organization_id, earlier_id) REFERENCES booking(organization_id, id) ON DELETE CASCADE,
  constraint wish_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE,
  constraint wish_organization_id_service_id_fkey FOREIGN KEY (organization_id, service_id) REFERENCES service(organization_id, id) ON DELETE CASCADE,
  constraint wish_check CHECK (((from_date <= until_date) AND ((until_date - from_date) <= 366))),
  constraint wish_check1 CHECK ((from_min < until_min)),
  constraint wish_check2 CHECK (((state = 'taken'::text) = (booking_id IS NOT NULL))),
  constraint wish_customer_name_check CHECK (((length(customer_name) >= 1) AND (length(customer_name) <= 200))),
  constraint wish_duration_min_check CHECK (((duration_min >= 1) AND (duration_min <= 1440))),
  constraint wish_from_min_check CHECK (((from_min >= 0) AND (from_min <= 1439))),
  constraint wish_locale_check CHECK (((length(locale) >= 2) AND (length(locale) <= 35))),
  constraint wish_provider_ids_check CHECK ((cardinality(provider_ids) <= 20)),
  constraint wish_seats_check CHECK (((seats >= 1) AND (seats <= 1000))),
  constraint wish_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'offered'::text, 'taken'::text, 'withdrawn'::text, 'expired'::text]))),
  constraint wish_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64))),
  constraint wish_until_min_check CHECK (((until_min >= 1) AND (until_min <= 1440))),
  constraint wish_weekdays_check CHECK ((((cardinality(weekdays) >= 1) AND (cardinality(weekdays) <= 7)) AND (weekdays <@ '{1,2,3,4,5,6,7}'::smallint[])))
);
alter table wish enable row level security;
alter table wish force row level security;
CREATE INDEX wish_booking ON public.wish USING btree (organization_id, booking_id);
CREATE INDEX wish_created ON public.wish USING btree (organization_id, created_at, id);
CREATE INDEX wish_customer ON public.wish USING btree (organization_id, customer_id);
CREATE INDEX wish_earlier ON public.wish USING btree (organization_id, earlier_id);
CREATE UNIQUE INDEX wish_earlier_once ON public.wish USING btree (organization_id, earlier_id) WHERE (state = ANY (ARRAY['waiting'::text, 'offered'::text]));
CREATE INDEX wish_open ON public.wish USING btree (organization_id, created_at, id) WHERE (state = ANY (ARRAY['waiting'::text, 'offered'::text]));
CREATE INDEX wish_service ON public.wish USING btree (organization_id, service_id);
create policy tenant on wish using ((organization_id = current_organization()));

create table wish_offer (
  organization_id uuid not null,
  id uuid not null,
  wish_id uuid not null,
  hold_id uuid not null,
  provider_id uuid not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  offered_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  state text not null default 'open'::text,
  constraint wish_offer_pkey PRIMARY KEY (organization_id, id),
  constraint wish_offer_organization_id_provider_id_fkey FOREIGN KEY (organization_id, provider_id) REFERENCES provider(organization_id, id),
  constraint wish_offer_organization_id_wish_id_fkey FOREIGN KEY (organization_id, wish_id) REFERENCES wish(organization_id, id) ON DELETE CASCADE,
  constraint wish_offer_check CHECK ((starts_at < ends_at)),
  constraint wish_offer_check1 CHECK (((offered_at < expires_at) AND (expires_at <= starts_at))),
  constraint wish_offer_state_check CHECK ((state = ANY (ARRAY['open'::text, 'taken'::text, 'lapsed'::text, 'declined'::text])))
);
alter table wish_offer enable row level security;
alter table wish_offer force row level security;
CREATE INDEX wish_offer_expires ON public.wish_offer USING btree (organization_id, expires_at) WHERE (state = 'open'::text);
CREATE UNIQUE INDEX wish_offer_open ON public.wish_offer USING btree (organization_id, wish_id) WHERE (state = 'open'::text);
CREATE INDEX wish_offer_provider ON public.wish_offer USING btree (organization_id, provider_id);
CREATE INDEX wish_offer_wish ON public.wish_offer USING btree (organization_id, wish_id, offered_at);
create policy tenant on wish_offer using ((organization_id = current_organization()));

import type { Statement } from '../db/batch.ts'
import { bookedValue, bookingLead, bookingsMade, countChange } from '../observe/metrics.ts'
import { jobTraces } from '../observe/tracing.ts'
import type { NewClaim, NewMessage } from './booking-rows.ts'

/** SQLSTATEs of our own, raised by `fail_unless` to end a batch whose ground has gone. */
export const CONFIG_CHANGED = 'SK001'
export const SEATS_TAKEN = 'SK002'
export const BOOKING_CHANGED = 'SK003'
export const LIMIT_REACHED = 'SK004'
export const HOLD_SPENT = 'SK006'
export const HOLDS_TOO_MANY = 'SK007'

/** The index that gives a place of a holder to one hold: somebody else of the same address was faster. */
export const HOLD_PLACE = 'hold_place'

/** Who owns new claims. */
export type ClaimOwner = { kind: 'booking' | 'hold'; id: string }

export type NewBooking = {
  id: string
  serviceId: string
  providerId: string
  customerId: string
  customerName: string
  email: string
  phone: string | null
  state: 'pending' | 'confirmed'
  /** false for a request that leaves its time to others */
  claimsTime: boolean
  startMs: number
  endMs: number
  timeZone: string
  locale: string
  seats: number
  priceMinor: number
  currency: string
  answers: Record<string, string | boolean>
  attendees: { name?: string; email: string }[]
  source: 'public' | 'member'
  /** those it was made with */
  bundleId: string | null
}

export type NewAudit = {
  id: string
  atMs: number
  actorKind: 'customer' | 'member' | 'key' | 'system'
  actorId: string | null
  action: string
  detail: object
}

/**
 * Locks the subjects in the order of their ids, so that racing bookings queue instead of deadlocking, and marks what is
 * known of their free times as stale.
 */
export function lockSubjects(organizationId: string, subjectIds: string[]): Statement {
  return { name: 'lock_subjects', text: LOCK_SUBJECTS, values: [organizationId, subjectIds] }
}

const LOCK_SUBJECTS = `
  with locked as (
    select id from subject where organization_id = $1 and id = any($2::uuid[]) order by id for no key update
  )
  update subject set version = version + 1 from locked where subject.organization_id = $1 and subject.id = locked.id`

/** Ends the batch with CONFIG_CHANGED when the configuration is newer than what was decided over. */
export function requireConfig(organizationId: string, version: number): Statement {
  return { name: 'require_config', text: REQUIRE_CONFIG, values: [organizationId, version, CONFIG_CHANGED] }
}

const REQUIRE_CONFIG = `select fail_unless(config_version = $2, $3) from organization where id = $1`

/** An expired hold never blocks: those of the locked subjects go, and those that are being made bookings. */
export function removeHolds(organizationId: string, subjectIds: string[], nowMs: number, holdIds: string[]): Statement {
  const values = [organizationId, subjectIds, nowMs / 1000, holdIds]
  return { name: 'remove_holds', text: REMOVE_HOLDS, values }
}

// A session in which they were the last closes with them: it would keep its provider busy for nobody.
const REMOVE_HOLDS = `
  with gone as (
    delete from hold
    where organization_id = $1 and (id = any($4::uuid[]) or expires_at <= to_timestamp($3)) and (provider_id = any($2::uuid[])
      or exists (select from claim c where c.organization_id = $1 and c.hold_id = hold.id and c.subject_id = any($2::uuid[])))
    returning id
  )
  delete from group_session s
  where s.organization_id = $1 and s.provider_id = any($2::uuid[])
    and s.id in (select session_id from seat where seat.organization_id = $1 and hold_id in (select id from gone))
    and not exists (select from seat where seat.organization_id = $1 and session_id = s.id
      and (hold_id is null or hold_id not in (select id from gone)))`

/** Adds bookings, and their customers unless the addresses are known. Rejects nothing: the claims do. */
export function insertBookings(organizationId: string, bookings: NewBooking[], nowMs: number): Statement {
  const rows = bookings.map(({ startMs, endMs, ...rest }) => ({
    ...rest,
    start_s: startMs / 1000,
    end_s: endMs / 1000,
  }))
  const onCommit = () => bookings.forEach((booking) => countBooking(booking, nowMs))
  return { name: 'insert_bookings', text: INSERT_BOOKINGS, values: [organizationId, JSON.stringify(rows)], onCommit }
}

function countBooking({ state, source, startMs, currency, priceMinor }: NewBooking, nowMs: number): void {
  bookingsMade.inc({ state, source })
  bookingLead.observe(Math.max(0, startMs - nowMs) / 1000)
  bookedValue.inc({ currency }, priceMinor)
}

// People are locked in the order of their addresses, so that two who write the same ones do not wait for each other.
const INSERT_BOOKINGS = `
  with new as (
    select * from jsonb_to_recordset($2::jsonb) as new ("id" uuid, "serviceId" uuid, "providerId" uuid, "customerId" uuid,
      "customerName" text, "email" citext, "phone" text, "state" text, "claimsTime" boolean, start_s float8, end_s float8, "timeZone" text,
      "locale" text, "seats" int, "priceMinor" bigint, "currency" text, "answers" jsonb, "attendees" jsonb, "source" text, "bundleId" uuid)
  ), person as (
    insert into customer (organization_id, id, name, email, phone, time_zone, locale)
    select distinct on ("email") $1::uuid, "customerId", "customerName", "email", "phone", "timeZone", "locale" from new
    order by "email"
    on conflict (organization_id, email) do update
      set phone = coalesce(excluded.phone, customer.phone), time_zone = excluded.time_zone, locale = excluded.locale
    returning id, email
  )
  insert into booking (organization_id, id, service_id, provider_id, customer_id, customer_name, state, claims_time, starts_at,
    ends_at, time_zone, locale, seats, price_minor, currency, answers, attendees, source,
    bundle_id)
  select $1, new."id", "serviceId", "providerId", person.id, "customerName", "state", "claimsTime", to_timestamp(start_s),
    to_timestamp(end_s), "timeZone", "locale", "seats", "priceMinor", "currency", "answers", "attendees", "source", "bundleId"
  from new join person on person.email = new."email"`

/** Claims, and whose they are. */
export type OwnedClaims = { owner: ClaimOwner; claims: NewClaim[] }

/** Rejects with 23P01 on claim_no_overlap when a live claim of a subject's unit overlaps. Lock the subjects first. */
export function insertClaims(organizationId: string, owned: OwnedClaims[]): Statement {
  const ownersOf = (kind: ClaimOwner['kind']) =>
    owned.flatMap(({ owner, claims }) => claims.map(() => (owner.kind === kind ? owner.id : null)))
  const rows = columns(owned.flatMap(({ claims }) => claims))
  const values = [organizationId, ownersOf('booking'), ownersOf('hold'), ...rows]
  return { name: 'insert_claims', text: INSERT_CLAIMS, values }
}

const INSERT_CLAIMS = `
  insert into claim (organization_id, booking_id, hold_id, id, subject_id, unit, during, before_min, after_min)
  select $1, booking_id, hold_id, id, subject_id, unit, tstzrange(to_timestamp(start_s), to_timestamp(end_s)), before_min,
    after_min
  from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::smallint[], $7::float8[], $8::float8[], $9::smallint[],
    $10::smallint[]) as new (booking_id, hold_id, id, subject_id, unit, start_s, end_s, before_min, after_min)`

function columns(claims: NewClaim[]): unknown[] {
  return [
    claims.map(({ id }) => id),
    claims.map(({ subjectId }) => subjectId),
    claims.map(({ unit }) => unit),
    claims.map(({ startMs }) => startMs / 1000),
    claims.map(({ endMs }) => endMs / 1000),
    claims.map(({ beforeMin }) => beforeMin),
    claims.map(({ afterMin }) => afterMin),
  ]
}

export type NewSession = {
  id: string
  serviceId: string
  providerId: string
  startMs: number
  endMs: number
  capacity: number
}

/** Opens the group session with its claims, unless it is open already. Rejects with 23P01 when something overlaps. */
export function openSession(organizationId: string, session: NewSession, claims: NewClaim[]): Statement {
  const { id, serviceId, providerId, startMs, endMs, capacity } = session
  const values = [organizationId, id, serviceId, providerId, startMs / 1000, endMs / 1000, capacity, ...columns(claims)]
  return { name: 'open_session', text: OPEN_SESSION, values }
}

const OPEN_SESSION = `
  with opened as (
    insert into group_session (organization_id, id, service_id, provider_id, starts_at, ends_at, capacity)
    values ($1, $2, $3, $4, to_timestamp($5), to_timestamp($6), $7)
    on conflict (organization_id, provider_id, starts_at) do nothing
    returning id
  )
  insert into claim (organization_id, session_id, id, subject_id, unit, during, before_min, after_min)
  select $1, opened.id, new.id, subject_id, unit, tstzrange(to_timestamp(start_s), to_timestamp(end_s)), before_min, after_min
  from opened, unnest($8::uuid[], $9::uuid[], $10::smallint[], $11::float8[], $12::float8[], $13::smallint[], $14::smallint[])
    as new (id, subject_id, unit, start_s, end_s, before_min, after_min)`

/** Takes the lowest free seats of the session at that time; ends the batch with SEATS_TAKEN when they are too few. */
export function takeSeats(organizationId: string, owner: ClaimOwner, session: NewSession, seats: number): Statement {
  const bookingId = owner.kind === 'booking' ? owner.id : null
  const holdId = owner.kind === 'hold' ? owner.id : null
  const { serviceId, providerId, startMs, endMs } = session
  const values = [
    organizationId,
    serviceId,
    providerId,
    startMs / 1000,
    endMs / 1000,
    bookingId,
    holdId,
    seats,
    SEATS_TAKEN,
  ]
  return { name: 'take_seats', text: TAKE_SEATS, values }
}

const TAKE_SEATS = `
  with free as (
    select s.id as session_id, number
    from group_session s, generate_series(1, s.capacity) as number
    where s.organization_id = $1 and s.service_id = $2 and s.provider_id = $3
      and s.starts_at = to_timestamp($4) and s.ends_at = to_timestamp($5)
      and not exists (select from seat where seat.organization_id = $1 and seat.session_id = s.id and seat.number = number.number)
    order by number limit $8
  ), taken as (
    insert into seat (organization_id, session_id, number, booking_id, hold_id)
    select $1, session_id, number, $6, $7 from free
    returning number
  )
  select fail_unless((select count(*) from taken) = $8, $9)`

/** What is to be told of a booking, and what happened to it. */
export type BookingRecords = { bookingId: string; messages: NewMessage[]; audit: NewAudit }

/** Writes what is to be sent, and what happened, about bookings. */
export function insertRecords(organizationId: string, records: BookingRecords[]): Statement {
  const messages = records.flatMap(({ bookingId, messages: told, audit }) =>
    told.map((message) => ({ ...message, bookingId, at_s: audit.atMs / 1000 })),
  )
  const events = records.map(({ bookingId, audit: { atMs, ...audit } }) => ({ ...audit, bookingId, at_s: atMs / 1000 }))
  const values = [organizationId, JSON.stringify(messages), JSON.stringify(events)]
  const onCommit = () => events.forEach(({ action }) => countChange(action))
  return { name: 'insert_records', text: INSERT_RECORDS, values, onCommit }
}

// One moment for all that tells of one change, to the millisecond as the clock gives it: a list is read on from where the
// moment says.
const INSERT_RECORDS = `
  with sent as (
    insert into message (organization_id, booking_id, id, kind, channel, audience, recipient, locale, facts, created_at)
    select $1, "bookingId", id, kind, 'email', audience, recipient, locale, facts, to_timestamp(at_s)
    from jsonb_to_recordset($2::jsonb) as new ("bookingId" uuid, id uuid, kind text, audience text, recipient text,
      locale text, facts jsonb, at_s float8)
  )
  insert into audit_event (organization_id, id, at, actor_kind, actor_id, action, entity, entity_id, detail)
  select $1, "id", to_timestamp(at_s), "actorKind", "actorId", "action", 'booking', "bookingId", "detail"
  from jsonb_to_recordset($3::jsonb) as new ("bookingId" uuid, "id" uuid, at_s float8, "actorKind" text, "actorId" uuid,
    "action" text, "detail" jsonb)`

/** Queues the delivery of the bookings' messages as one job, in the same transaction. */
export function queueDelivery(organizationId: string, bookingIds: string[], origin = jobTraces()): Statement {
  const payload = JSON.stringify({ organizationId, bookingIds, ...origin })
  return { name: 'queue_delivery', text: QUEUE_DELIVERY, values: [payload] }
}

// With a key of its own, no job replaces another, and the queue takes its short way in: 40 instead of 270 microseconds.
const QUEUE_DELIVERY = `
  select 1 from graphile_worker.add_job('messages.deliver', $1::json, job_key => gen_random_uuid()::text,
    job_key_mode => 'unsafe_dedupe')`

/** Whoever may have so many holds at once, by a hash. */
export type Holder = { hash: Buffer; placesMax: number }

export type NewHold = {
  id: string
  serviceId: string
  providerId: string
  startMs: number
  endMs: number
  seats: number
  expiresMs: number
  /** nobody is counted when it is undefined */
  holder: Holder | undefined
}

/** Adds a hold on a free place of its holder; ends the batch with HOLDS_TOO_MANY when there is none. */
export function insertHold(organizationId: string, hold: NewHold, nowMs: number): Statement[] {
  const { id, serviceId, providerId, startMs, endMs, seats, expiresMs, holder } = hold
  const at = [organizationId, id, serviceId, providerId, startMs / 1000, endMs / 1000, seats, expiresMs / 1000]
  const values = [...at, holder?.hash ?? null, holder?.placesMax ?? 0, HOLDS_TOO_MANY]
  const insert = { name: 'insert_hold', text: INSERT_HOLD, values }
  if (!holder) return [insert]
  return [{ name: 'free_places', text: FREE_PLACES, values: [organizationId, holder.hash, nowMs / 1000] }, insert]
}

/** Gives a hold that is still good more time, once; ends the batch with HOLD_SPENT otherwise. */
export function extendHold(
  organizationId: string,
  holdId: string,
  { nowMs, expiresMs }: { nowMs: number; expiresMs: number },
): Statement {
  const values = [organizationId, holdId, nowMs / 1000, expiresMs / 1000, HOLD_SPENT]
  return { name: 'extend_hold', text: EXTEND_HOLD, values }
}

const EXTEND_HOLD = `
  with changed as (
    update hold set extended = true, expires_at = to_timestamp($4)
    where organization_id = $1 and id = $2 and not extended and expires_at > to_timestamp($3)
    returning 1
  )
  select fail_unless((select count(*) from changed) = 1, $5)`

// Those that have expired are removed with their subjects, which are not locked here.
const FREE_PLACES = `
  update hold set holder = null, place = null
  where organization_id = $1 and holder = $2 and expires_at <= to_timestamp($3)`

const INSERT_HOLD = `
  with free as (
    select min(number)::smallint as place from generate_series(1, $10::int) as number
    where not exists (select from hold where organization_id = $1 and holder = $9 and place = number)
  ), made as (
    insert into hold (organization_id, id, service_id, provider_id, starts_at, ends_at, seats, expires_at, holder, place)
    select $1, $2, $3, $4, to_timestamp($5), to_timestamp($6), $7, to_timestamp($8), $9, free.place
    from free where $9::bytea is null or free.place is not null
    returning 1
  )
  select fail_unless((select count(*) from made) = 1, $11)`

/** Frees everything the booking claims, and closes a session in which nobody is left. */
export function releaseBooking(organizationId: string, bookingId: string): Statement[] {
  return [
    { name: 'release_claims', text: RELEASE_CLAIMS, values: [organizationId, bookingId] },
    { name: 'release_seats', text: RELEASE_SEATS, values: [organizationId, bookingId] },
    { name: 'close_session', text: CLOSE_SESSION, values: [organizationId, bookingId] },
  ]
}

const RELEASE_CLAIMS = `delete from claim where organization_id = $1 and booking_id = $2`
const RELEASE_SEATS = `delete from seat where organization_id = $1 and booking_id = $2`
const CLOSE_SESSION = `
  delete from group_session s using booking b
  where b.organization_id = $1 and b.id = $2 and s.organization_id = $1 and s.provider_id = b.provider_id
    and s.service_id = b.service_id and s.starts_at = b.starts_at
    and not exists (select from seat where seat.organization_id = $1 and seat.session_id = s.id)`

/** Cancels the booking; ends the batch with BOOKING_CHANGED unless it is as it was read. */
export function cancelBooking(
  organizationId: string,
  booking: { id: string; sequence: number },
  how: { atMs: number; by: 'customer' | 'member' | 'system'; reason: string | null; late: boolean },
): Statement {
  const { atMs, by, reason, late } = how
  const values = [organizationId, booking.id, booking.sequence, atMs / 1000, by, reason, BOOKING_CHANGED, late]
  return { name: 'cancel_booking', text: CANCEL_BOOKING, values }
}

const CANCEL_BOOKING = `
  with changed as (
    update booking set state = 'cancelled', sequence = sequence + 1, cancelled_at = to_timestamp($4), cancelled_by = $5,
      cancel_reason = $6, cancelled_late = $8, checked_in_at = null
    where organization_id = $1 and id = $2 and sequence = $3 and state in ('pending', 'confirmed')
    returning 1
  )
  select fail_unless((select count(*) from changed) = 1, $7)`

/** Moves the booking; ends the batch with BOOKING_CHANGED unless it is as it was read. */
export function moveBooking(
  organizationId: string,
  booking: { id: string; sequence: number },
  to: { providerId: string; startMs: number; endMs: number },
): Statement {
  const { providerId, startMs, endMs } = to
  const values = [
    organizationId,
    booking.id,
    booking.sequence,
    providerId,
    startMs / 1000,
    endMs / 1000,
    BOOKING_CHANGED,
  ]
  return { name: 'move_booking', text: MOVE_BOOKING, values }
}

const MOVE_BOOKING = `
  with changed as (
    update booking set provider_id = $4, starts_at = to_timestamp($5), ends_at = to_timestamp($6), sequence = sequence + 1
    where organization_id = $1 and id = $2 and sequence = $3 and state in ('pending', 'confirmed')
    returning 1
  )
  select fail_unless((select count(*) from changed) = 1, $7)`

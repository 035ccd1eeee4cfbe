import type { Counted } from '@slotkeeper/scheduling'
import type { Row, Statement } from '../db/batch.ts'
import type { TenantTransaction } from '../db/database.ts'
import type { Claimed } from './claim-rows.ts'

/** The organization as its offers and messages need it. */
export function readOrganization(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('organization as o')
    .innerJoin('organizationSlug as g', 'g.organizationId', 'o.id')
    .where('o.id', '=', organizationId)
    .select(['o.configVersion', 'o.name', 'o.timeZone', 'o.locale', 'o.accent', 'g.slug'])
    .executeTakeFirstOrThrow()
}

/** How new what is known of an organization and of its subjects is. */
export function versionsStatement(organizationId: string, subjectIds: string[]): Statement {
  return { name: 'versions', text: VERSIONS, values: [organizationId, subjectIds] }
}

const VERSIONS = `
  select id::text, version from subject where organization_id = $1 and id = any($2::uuid[])
  union all
  select 'config', config_version from organization where id = $1`

/** Which time span of which claims to read, and what to leave out. */
export type ClaimSearch = {
  subjectIds: string[]
  fromMs: number
  toMs: number
  nowMs: number
  /** bookings and a hold whose own time counts as free */
  exceptBookings?: string[] | undefined
  exceptHold?: string | undefined
  /** reads whose the claims are, and their buffers, too */
  detailed?: boolean
}

/** Live claims of the subjects that end after `fromMs` and start before `toMs`. History before is never touched. */
export function claimsStatement(organizationId: string, search: ClaimSearch): Statement {
  const { subjectIds, fromMs, toMs, nowMs, exceptBookings = [], exceptHold } = search
  const values = [
    organizationId,
    subjectIds,
    fromMs / 1000,
    toMs / 1000,
    nowMs / 1000,
    exceptBookings,
    exceptHold ?? null,
  ]
  return search.detailed
    ? { name: 'claims_detailed', text: claimsText(DETAIL), values }
    : { name: 'claims', text: claimsText(''), values }
}

const DETAIL = ', c.booking_id, c.hold_id, c.before_min, c.after_min'

const claimsText = (more: string) => `
  select c.subject_id, c.unit, extract(epoch from c.starts_at)::float8 * 1000 as start_ms,
    extract(epoch from c.ends_at)::float8 * 1000 as end_ms,
    extract(epoch from coalesce(h.expires_at, seats.until))::float8 * 1000 as until_ms,
    s.id as session_id, s.service_id, s.provider_id, extract(epoch from s.starts_at)::float8 * 1000 as session_start_ms,
    extract(epoch from s.ends_at)::float8 * 1000 as session_end_ms, s.capacity - seats.taken as seats_left${more}
  from claim c
  left join hold h on h.organization_id = c.organization_id and h.id = c.hold_id
  left join group_session s on s.organization_id = c.organization_id and s.id = c.session_id
  left join lateral (
    select count(*)::int as taken, min(sh.expires_at) as until
    from seat left join hold sh on sh.organization_id = seat.organization_id and sh.id = seat.hold_id
    where seat.organization_id = s.organization_id and seat.session_id = s.id
      and (sh.id is null or sh.expires_at > to_timestamp($5))
      and (seat.booking_id is null or seat.booking_id <> all($6::uuid[])) and ($7::uuid is null or seat.hold_id is distinct from $7)
  ) seats on s.id is not null
  where c.organization_id = $1 and c.subject_id = any($2::uuid[])
    and c.ends_at > to_timestamp($3) and c.starts_at < to_timestamp($4)
    and (h.id is null or h.expires_at > to_timestamp($5)) and (s.id is null or seats.taken > 0)
    and (c.booking_id is null or c.booking_id <> all($6::uuid[])) and ($7::uuid is null or c.hold_id is distinct from $7)`

/** A claim as the engine's input is made from it, and whose it is. */
export type ClaimRow = Claimed & { subjectId: string }

export function toClaimRow(row: Row): ClaimRow {
  const serviceId = row['service_id']
  return {
    subjectId: String(row['subject_id']),
    unit: Number(row['unit']),
    startMs: Number(row['start_ms']),
    endMs: Number(row['end_ms']),
    untilMs: row['until_ms'] === null ? undefined : Number(row['until_ms']),
    session:
      typeof serviceId === 'string'
        ? {
            id: String(row['session_id']),
            serviceId,
            providerId: String(row['provider_id']),
            startMs: Number(row['session_start_ms']),
            endMs: Number(row['session_end_ms']),
            seatsLeft: Number(row['seats_left']),
          }
        : undefined,
    detail: detailOf(row),
  }
}

function detailOf(row: Row): Claimed['detail'] {
  if (row['before_min'] === undefined) return undefined
  const holdId = row['hold_id']
  return {
    kind: holdId === null ? 'booking' : 'hold',
    ownerId: textOf(holdId ?? row['booking_id']),
    beforeMin: Number(row['before_min']),
    afterMin: Number(row['after_min']),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Whose bookings to count, in which time, and what to leave out. */
export type CountSearch = Omit<ClaimSearch, 'subjectIds' | 'detailed'> & {
  serviceId: string
  email: string | undefined
}

/** What counts against the limits of a service and of a customer: bookings and, of the service, holds. */
export function countedStatement(organizationId: string, search: CountSearch): Statement {
  const { serviceId, email, fromMs, toMs, nowMs, exceptBookings = [], exceptHold } = search
  const values = [
    ...[organizationId, serviceId, email ?? null, fromMs / 1000, toMs / 1000, nowMs / 1000],
    ...[exceptBookings, exceptHold ?? null],
  ]
  return { name: 'counted', text: COUNTED, values }
}

const COUNTED = `
  select 'service' as of, extract(epoch from b.starts_at)::float8 * 1000 as start_ms,
    extract(epoch from b.ends_at - b.starts_at)::float8 / 60 as minutes, null::float8 as until_ms
  from booking b
  where b.organization_id = $1 and b.service_id = $2 and b.state <> 'cancelled'
    and b.starts_at >= to_timestamp($4) and b.starts_at < to_timestamp($5) and b.id <> all($7::uuid[])
  union all
  select 'service', extract(epoch from h.starts_at)::float8 * 1000, extract(epoch from h.ends_at - h.starts_at)::float8 / 60,
    extract(epoch from h.expires_at)::float8 * 1000
  from hold h
  where h.organization_id = $1 and h.service_id = $2 and h.expires_at > to_timestamp($6)
    and h.starts_at >= to_timestamp($4) and h.starts_at < to_timestamp($5) and h.id is distinct from $8
  union all
  select 'customer', extract(epoch from b.starts_at)::float8 * 1000, extract(epoch from b.ends_at - b.starts_at)::float8 / 60, null
  from customer k join booking b on b.organization_id = k.organization_id and b.customer_id = k.id
  where k.organization_id = $1 and k.email = $3::citext and b.service_id = $2 and b.state <> 'cancelled'
    and b.starts_at >= to_timestamp($4) and b.starts_at < to_timestamp($5) and b.id <> all($7::uuid[])`

/** @returns with `untilMs`, when it must be read again, epoch ms: a hold expires */
export function toCounted(rows: Row[]): { service: Counted[]; customer: Counted[]; untilMs: number } {
  const of = (whose: string) =>
    rows
      .filter((row) => row['of'] === whose)
      .map((row) => ({ startMs: Number(row['start_ms']), minutes: Number(row['minutes']) }))
  const untils = rows.flatMap((row) => (row['until_ms'] === null ? [] : [Number(row['until_ms'])]))
  return { service: of('service'), customer: of('customer'), untilMs: Math.min(...untils) }
}

/** How much each of the subjects has to do in a time, and when they begin something last in it. */
export function turnsStatement(
  organizationId: string,
  { subjectIds, fromMs, toMs }: { subjectIds: string[]; fromMs: number; toMs: number },
): Statement {
  return { name: 'turns', text: TURNS, values: [organizationId, subjectIds, fromMs / 1000, toMs / 1000] }
}

const TURNS = `
  select subject_id, count(*)::int as load, extract(epoch from max(starts_at))::float8 * 1000 as last_ms
  from claim
  where organization_id = $1 and subject_id = any($2::uuid[]) and hold_id is null
    and ends_at > to_timestamp($3) and starts_at < to_timestamp($4)
  group by subject_id`

export function toTurns(rows: Row[]): Map<string, { load: number; lastMs: number }> {
  return new Map(
    rows.map((row) => [String(row['subject_id']), { load: Number(row['load']), lastMs: Number(row['last_ms']) }]),
  )
}

export type Versions = { config: number; subjects: Map<string, number> }

export function toVersions(rows: Row[]): Versions {
  const subjects = new Map(rows.map((row) => [String(row['id']), Number(row['version'])]))
  const config = subjects.get('config') ?? 0
  subjects.delete('config')
  return { config, subjects }
}

/** Whether what was read with the one set of versions has every change that the other set knows of. */
export function isAsNewAs(found: Versions, wanted: Versions, subjectIds: string[]): boolean {
  const isNew = (id: string) => (found.subjects.get(id) ?? -1) >= (wanted.subjects.get(id) ?? 0)
  return found.config >= wanted.config && subjectIds.every(isNew)
}

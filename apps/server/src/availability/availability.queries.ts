import type { Row, Statement } from '../db/batch.ts'
import type { TenantTransaction } from '../db/database.ts'

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
  /** a booking and a hold whose own time counts as free */
  exceptBooking?: string | undefined
  exceptHold?: string | undefined
}

/** Live claims of the subjects that end after `fromMs` and start before `toMs`. History before is never touched. */
export function claimsStatement(organizationId: string, search: ClaimSearch): Statement {
  const { subjectIds, fromMs, toMs, nowMs, exceptBooking, exceptHold } = search
  const values = [
    organizationId,
    subjectIds,
    fromMs / 1000,
    toMs / 1000,
    nowMs / 1000,
    exceptBooking ?? null,
    exceptHold ?? null,
  ]
  return { name: 'claims', text: CLAIMS, values }
}

const CLAIMS = `
  select c.subject_id, c.unit, extract(epoch from c.starts_at)::float8 * 1000 as start_ms,
    extract(epoch from c.ends_at)::float8 * 1000 as end_ms,
    extract(epoch from coalesce(h.expires_at, seats.until))::float8 * 1000 as until_ms,
    s.id as session_id, s.service_id, extract(epoch from s.starts_at)::float8 * 1000 as session_start_ms,
    extract(epoch from s.ends_at)::float8 * 1000 as session_end_ms, s.capacity - seats.taken as seats_left
  from claim c
  left join hold h on h.organization_id = c.organization_id and h.id = c.hold_id
  left join group_session s on s.organization_id = c.organization_id and s.id = c.session_id
  left join lateral (
    select count(*)::int as taken, min(sh.expires_at) as until
    from seat left join hold sh on sh.organization_id = seat.organization_id and sh.id = seat.hold_id
    where seat.organization_id = s.organization_id and seat.session_id = s.id
      and (sh.id is null or sh.expires_at > to_timestamp($5))
      and ($6::uuid is null or seat.booking_id is distinct from $6) and ($7::uuid is null or seat.hold_id is distinct from $7)
  ) seats on s.id is not null
  where c.organization_id = $1 and c.subject_id = any($2::uuid[])
    and c.ends_at > to_timestamp($3) and c.starts_at < to_timestamp($4)
    and (h.id is null or h.expires_at > to_timestamp($5)) and (s.id is null or seats.taken > 0)
    and ($6::uuid is null or c.booking_id is distinct from $6) and ($7::uuid is null or c.hold_id is distinct from $7)`

/** A claim as the engine's input is made from it. */
export type ClaimRow = {
  subjectId: string
  unit: number
  startMs: number
  endMs: number
  /** when it may change by the mere passing of time: a hold expires */
  untilMs: number | undefined
  session: { id: string; serviceId: string; startMs: number; endMs: number; seatsLeft: number } | undefined
}

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
            startMs: Number(row['session_start_ms']),
            endMs: Number(row['session_end_ms']),
            seatsLeft: Number(row['seats_left']),
          }
        : undefined,
  }
}

export type Versions = { config: number; subjects: Map<string, number> }

export function toVersions(rows: Row[]): Versions {
  const subjects = new Map(rows.map((row) => [String(row['id']), Number(row['version'])]))
  const config = subjects.get('config') ?? 0
  subjects.delete('config')
  return { config, subjects }
}

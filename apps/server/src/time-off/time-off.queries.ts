import { sql } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'

/** Time off as it is kept, without the subject's kind. */
export type TimeOffRow = {
  id: string
  subjectId: string
  /** local, YYYY-MM-DDTHH:MM */
  startsAt: string
  timeZone: string
  durationMin: number
  rule: string | null
  except: string[]
  note: string
}

const STARTS_AT = sql<string>`to_char(starts_on + make_interval(mins => start_min), 'YYYY-MM-DD"T"HH24:MI')`
const EXCEPT = sql<string[]>`to_json(except_dates)`

function select(tx: TenantTransaction, organizationId: string) {
  return tx
    .selectFrom('timeOff')
    .where('organizationId', '=', organizationId)
    .select(['id', 'subjectId', 'timeZone', 'durationMin', 'rule', 'note'])
    .select([STARTS_AT.as('startsAt'), EXCEPT.as('except')])
}

export type TimeOffPage = { after: { startsAt: string; id: string } | undefined; limit: number }

/** Time off of one subject in the order in which it begins the first time, the latest first. */
export function listTimeOff(
  tx: TenantTransaction,
  organizationId: string,
  subjectId: string,
  { after, limit }: TimeOffPage,
): Promise<TimeOffRow[]> {
  return select(tx, organizationId)
    .where('subjectId', '=', subjectId)
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(${STARTS_AT}, id) < (${after?.startsAt ?? ''}, ${after?.id ?? ''}::uuid)`),
    )
    .orderBy(STARTS_AT, 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Time off that may reach into the local dates: what comes back, and what comes once around them. */
export function findTimeOff(
  tx: TenantTransaction,
  organizationId: string,
  subjectIds: string[],
  { fromDate, toDate }: { fromDate: string; toDate: string },
): Promise<TimeOffRow[]> {
  return select(tx, organizationId)
    .where('subjectId', '=', sql<string>`any(${subjectIds}::uuid[])`)
    .where(sql<boolean>`starts_on <= ${toDate}::date`)
    .where(sql<boolean>`(rule is not null or starts_on + (duration_min / 1440 + 2) >= ${fromDate}::date)`)
    .orderBy('startsOn')
    .orderBy('id')
    .execute()
}

/** Locks the time off. */
export function lockTimeOff(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
): Promise<TimeOffRow | undefined> {
  return select(tx, organizationId).where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Whom time off is about. */
export function findSubject(tx: TenantTransaction, organizationId: string, id: string) {
  return tx
    .selectFrom('subject')
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .select(['id', 'kind'])
    .executeTakeFirst()
}

export async function insertTimeOff(
  tx: TenantTransaction,
  organizationId: string,
  { id, subjectId, ...row }: TimeOffRow,
): Promise<void> {
  await tx
    .insertInto('timeOff')
    .values({ organizationId, id, subjectId, ...columnsOf(row) })
    .execute()
}

export async function updateTimeOff(
  tx: TenantTransaction,
  organizationId: string,
  { id, subjectId: _subjectId, ...row }: TimeOffRow,
): Promise<void> {
  await tx
    .updateTable('timeOff')
    .set(columnsOf(row))
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .execute()
}

export async function deleteTimeOff(tx: TenantTransaction, organizationId: string, id: string): Promise<void> {
  await tx.deleteFrom('timeOff').where('organizationId', '=', organizationId).where('id', '=', id).execute()
}

function columnsOf({ startsAt, except, ...row }: Omit<TimeOffRow, 'id' | 'subjectId'>) {
  return {
    ...row,
    startsOn: sql<Date>`${startsAt.slice(0, 10)}::date`,
    startMin: Number(startsAt.slice(11, 13)) * 60 + Number(startsAt.slice(14, 16)),
    exceptDates: sql<Date[]>`${except}::date[]`,
  }
}

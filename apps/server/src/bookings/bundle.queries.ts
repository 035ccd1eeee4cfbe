import { Value } from 'typebox/value'
import type { Statement } from '../db/batch.ts'
import type { TenantTransaction } from '../db/database.ts'
import { SeriesCreated, VisitAnswer } from './bundle.schemas.ts'

/** Bookings that are made together. */
export type NewBundle = { id: string; kind: 'series' | 'visit'; rule: string | null; timeZone: string }

export function insertBundle(organizationId: string, { id, kind, rule, timeZone }: NewBundle): Statement {
  return { name: 'insert_bundle', text: INSERT_BUNDLE, values: [organizationId, id, kind, rule, timeZone] }
}

const INSERT_BUNDLE = `insert into bundle (organization_id, id, kind, rule, time_zone) values ($1, $2, $3, $4, $5)`

export function findBundle(tx: TenantTransaction, organizationId: string, id: string) {
  return tx
    .selectFrom('bundle')
    .where('organizationId', '=', organizationId)
    .where('id', '=', id)
    .select(['id', 'kind', 'rule', 'timeZone'])
    .executeTakeFirst()
}

/** The series as it was answered before. */
export function parseSeries(body: unknown): SeriesCreated {
  return Value.Parse(SeriesCreated, body)
}

/** The visit as it was answered before, without its link. */
export function parseVisit(body: unknown): VisitAnswer {
  return Value.Parse(VisitAnswer, body)
}

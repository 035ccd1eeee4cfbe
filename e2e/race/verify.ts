import pg from 'pg'
import type { Attempt } from './clients.ts'

/** One thing that must be true after a race, and what contradicts it. */
export type Finding = { claim: string; violations: string[] }

export type Evidence = { databaseUrl: string; mailUrl: string; organizationId: string; attempts: Attempt[] }

/** Proves from the database, the clients' own histories and the mail inbox that nothing was lost or taken twice. */
export async function verify({ databaseUrl, mailUrl, organizationId, attempts }: Evidence): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const rows = async (text: string) => (await client.query<Record<string, string>>(text, [organizationId])).rows
    await untilSent(rows)
    const booked = attempts.filter(({ status }) => status === 201)
    const stored = new Map((await rows(BOOKINGS)).map((row) => [row['id'], row]))
    const acknowledged = new Set(booked.map(({ bookingId }) => bookingId))
    const mails = await messageIds(mailUrl)
    return [
      { claim: 'no two claims of a provider overlap', violations: texts(await rows(CLAIM_OVERLAPS)) },
      { claim: 'no two bookings of a provider overlap', violations: texts(await rows(BOOKING_OVERLAPS)) },
      {
        claim: 'every 201 is in the database as it was asked for',
        violations: booked.filter((attempt) => !matches(attempt, stored)).map(describe),
      },
      {
        claim: 'every booking in the database was answered with 201',
        violations: [...stored.keys()].filter((id) => !acknowledged.has(id)).map(String),
      },
      {
        claim: 'every other answer is 409 with free times nearby',
        violations: attempts
          .filter(({ status, alternatives }) => status !== 201 && !(status === 409 && alternatives))
          .map(describe),
      },
      {
        claim: 'every booking has its two messages in the ledger exactly once, sent',
        violations: texts(await rows(MESSAGES)),
      },
      {
        claim: 'every message is in the inbox',
        violations: (await rows(MESSAGE_IDS)).map((row) => row['id'] ?? '').filter((id) => !mails.has(id)),
      },
    ]
  } finally {
    await client.end()
  }
}

const BOOKINGS = `
  select b.id, s.slug, b.starts_at, b.provider_id from booking b join service s on s.organization_id = b.organization_id and s.id = b.service_id
  where b.organization_id = $1 and b.state = 'confirmed'`

const CLAIM_OVERLAPS = `
  select a.id, b.id as other from claim a join claim b on a.organization_id = b.organization_id and a.subject_id = b.subject_id
    and a.unit = b.unit and a.id < b.id and a.during && b.during
  where a.organization_id = $1`

const BOOKING_OVERLAPS = `
  with taken as (
    select b.id, b.provider_id, tstzrange(b.starts_at - s.buffer_before_min * interval '1 minute',
      b.ends_at + s.buffer_after_min * interval '1 minute') as during
    from booking b join service s on s.organization_id = b.organization_id and s.id = b.service_id
    where b.organization_id = $1 and b.state = 'confirmed'
  )
  select a.id, b.id as other from taken a join taken b on a.provider_id = b.provider_id and a.id < b.id and a.during && b.during`

const MESSAGES = `
  select b.id, string_agg(m.audience || ' ' || m.state, ', ' order by m.audience) as messages
  from booking b left join message m on m.organization_id = b.organization_id and m.booking_id = b.id
  where b.organization_id = $1
  group by b.id
  having string_agg(m.audience || ' ' || m.state, ', ' order by m.audience) is distinct from 'customer sent, provider sent'`

const MESSAGE_IDS = `select id from message where organization_id = $1`

const QUEUED = `select id from message where organization_id = $1 and state = 'queued' limit 1`

/** Waits until the worker has sent everything, or for as long as a worker may need after a fault. */
async function untilSent(rows: (text: string) => Promise<unknown[]>): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    if ((await rows(QUEUED)).length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** The part before the @ of every Message-ID in the inbox: the message's own id. */
async function messageIds(mailUrl: string): Promise<Set<string>> {
  const mails = (await (await fetch(`${mailUrl}/api/email`)).json()) as {
    messageId?: string
    headers?: Record<string, string>
  }[]
  return new Set(
    mails.map(({ messageId, headers }) => (messageId ?? headers?.['message-id'] ?? '').replace(/^<|@.*$/g, '')),
  )
}

function matches(attempt: Attempt, stored: Map<string | undefined, Record<string, unknown>>): boolean {
  const row = stored.get(attempt.bookingId)
  if (!row || !(row['starts_at'] instanceof Date)) return false
  const sameProvider = attempt.provider === undefined || row['provider_id'] === attempt.provider
  return row['slug'] === attempt.service && row['starts_at'].getTime() === Date.parse(attempt.start) && sameProvider
}

function texts(rows: Record<string, unknown>[]): string[] {
  return rows.map((row) => JSON.stringify(row))
}

function describe(attempt: Attempt): string {
  return JSON.stringify(attempt)
}

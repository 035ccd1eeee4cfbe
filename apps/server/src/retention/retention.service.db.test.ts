import { expect, test } from 'vitest'
import { book } from '../../test/requests.ts'
import { openScene } from '../../test/scene.ts'
import { createWorld, type World } from '../../test/world.ts'
import { sealAudit, verifyAudit } from '../audit/audit.service.ts'
import { happen, withMonths } from '../audit/trail.fixture.ts'
import { tasksOf } from '../jobs/tasks.ts'
import { listRetention, sweepInstallation, sweepWords } from './retention.service.ts'

/** A month so many years and months ago by the database's clock, which nobody can set. */
function monthAgo(years: number, months = 0): string {
  return Temporal.Now.plainDateISO('UTC').toPlainYearMonth().subtract({ years, months }).toString()
}

const events = async (world: World) =>
  (await world.sql<{ month: string }>(`select to_char(at, 'YYYY-MM') as month from audit_event order by at`)).map(
    ({ month }) => month,
  )

/** What the worker does at night, as the worker does it. */
async function sweepAtNight(world: World): Promise<void> {
  const task = tasksOf(world as never)['retention.sweep'] ?? expect.unreachable('There is such a job')
  await task({}, {} as never)
}

test('the worker drops the months of the trail that are older than it is kept; the rest can still be verified', async () => {
  await using world = await createWorld()
  const months = [monthAgo(8), monthAgo(7, 1), monthAgo(7), monthAgo(6, 11)]
  await withMonths(world, months)
  await sweepAtNight(world)
  expect(await events(world)).toEqual(months.slice(2))
  expect(await verifyAudit(world, world.organizationId)).toMatchObject({ ok: true, events: 2 })
  expect(await sweepInstallation(world)).toEqual([])
  await happen(world, [`${monthAgo(0)}-01T00:00:00Z`])
  expect(await verifyAudit(world, world.organizationId)).toMatchObject({ ok: true, events: 3 })
})

test('whoever works as the application can drop nothing younger, whatever is asked for', async () => {
  await using world = await createWorld()
  const months = [monthAgo(7), monthAgo(6), monthAgo(1)]
  await withMonths(world, months)
  for (const years of ['6', '0', '-100', 'null', '2147483647'])
    await world.db.pool.query(`select audit_drop_oldest_part(${years})`).catch(() => undefined)
  await expect(world.db.pool.query('select audit_drop_oldest_part(6)')).rejects.toMatchObject({ code: '22023' })
  await world.db.pool.query(`set timezone = 'Pacific/Kiritimati'`)
  await world.db.pool.query('select audit_drop_oldest_part(7)')
  expect(await events(world)).toEqual(months)
})

test('a month with an event that has no seal stays whole, and the job says so', async () => {
  await using world = await createWorld()
  await withMonths(world, [monthAgo(8)])
  await world.sql('delete from audit_seal')
  await expect(sweepAtNight(world)).rejects.toThrow('without a seal')
  expect(await events(world)).toHaveLength(1)
  expect(await world.sql('select 1 from audit_anchor')).toEqual([])
})

test('the trail of every organization is kept for as many years as the settings say', async () => {
  await using world = await createWorld({ env: { AUDIT_RETENTION_YEARS: '9' } })
  const other = await world.addBusiness('other')
  await withMonths(world, [monthAgo(10), monthAgo(8)])
  await happen(world, [`${monthAgo(8)}-20T00:00:00Z`], other.organizationId)
  expect(await sweepInstallation(world)).toHaveLength(1)
  expect(await events(world)).toEqual([monthAgo(8), monthAgo(8)])
  expect(await verifyAudit(world, other.organizationId)).toMatchObject({ ok: true, events: 1 })
})

const DAY_MS = 86_400_000

test('what messages said and wishes that have ended are gone after 400 days; the ledger stays', async () => {
  await using world = await createWorld()
  const { wish } = await openScene(world)
  const [ended, open] = [await wish(), await wish()]
  await world.sql(`update wish set state = 'withdrawn' where id = $1`, [ended.id])
  await book(world)
  await world.sql(`update message set state = 'sent', sent_at = created_at`)
  const [before] = await world.sql('select count(*) from message')
  world.clock.advance(400 * DAY_MS)
  expect(await sweepWords(world, world.organizationId)).toEqual({ messages: 0, wishes: 0 })
  world.clock.advance(2 * DAY_MS)
  expect(await sweepWords(world, world.organizationId)).toMatchObject({ wishes: 1 })
  expect(await world.sql('select id from wish')).toEqual([{ id: open.id }])
  expect(await world.sql('select count(*) from message')).toEqual([before])
  expect(await world.sql(`select 1 from message m where m::text ilike any(array['%grace%', '%edith%'])`)).toEqual([])
  expect(await sweepWords(world, world.organizationId)).toEqual({ messages: 0, wishes: 0 })
})

test('sessions that are over go, and those that are good stay', async () => {
  await using world = await createWorld()
  const cookie = await world.signIn('owner')
  await world.signIn('viewer')
  await world.sql(
    `update auth.session set "expiresAt" = now() - interval '1 day' where "userId" = (select user_id from member where role = 'viewer')`,
  )
  world.clock.set(new Date().toISOString())
  await sweepInstallation(world)
  const [kept] = await world.sql(
    'select count(*)::int as good, count(*) filter (where "expiresAt" < now())::int as over from auth.session',
  )
  expect(kept).toEqual({ good: expect.any(Number), over: 0 })
  expect((await world.inject({ url: '/api/v1/me', headers: cookie })).statusCode).toBe(200)
})

test('of everything that is kept for a time it is told for how long, how old the oldest is, and what removes it', async () => {
  await using world = await createWorld()
  const kindsOf = (list: Awaited<ReturnType<typeof listRetention>>) => list.map(({ kind }) => kind)
  const { hold } = await openScene(world)
  await hold()
  await book(world, {}, { 'idempotency-key': 'the-first-booking' })
  await sealAudit(world, world.organizationId)
  const told = await listRetention(world)
  const at = '2026-03-02T08:00:00Z'
  expect(told).toEqual(
    expect.arrayContaining([
      { ...{ kind: 'audit trail', keptFor: '7 years' }, enforcedBy: expect.any(String), oldest: at, overdue: false },
      expect.objectContaining({ kind: 'answers by Idempotency-Key', keptFor: '24 hours', oldest: at }),
      expect.objectContaining({ kind: 'contents of messages', keptFor: '400 days', oldest: at }),
      expect.objectContaining({ kind: 'application logs', keptFor: '30 days', oldest: undefined }),
      expect.objectContaining({ kind: 'wishes that have ended', oldest: undefined }),
    ]),
  )
  expect(told.filter(({ overdue }) => overdue)).toEqual([])
  world.clock.advance(402 * DAY_MS + 1)
  expect(kindsOf((await listRetention(world)).filter(({ overdue }) => overdue))).toEqual(
    expect.arrayContaining(['answers by Idempotency-Key', 'holds', 'contents of messages']),
  )
})

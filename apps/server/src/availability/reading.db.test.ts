import { expect, test } from 'vitest'
import { book, slotsOn, TUESDAY } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { tenantBatch, type Statement } from '../db/batch.ts'
import { claimsStatement, versionsStatement } from './availability.queries.ts'

/** Adds people who serve the consultation, too. */
async function addProviders(world: World, count: number): Promise<void> {
  const key = [world.organizationId, count]
  await world.sql(
    `insert into subject (organization_id, id, kind)
     select $1, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'provider' from generate_series(1, $2::int) n`,
    key,
  )
  await world.sql(
    `insert into provider (organization_id, id, name, schedule_id)
     select $1, s.id, 'P', (select id from schedule limit 1)
     from subject s where s.id::text like '00000000-%' and $2::int > 0`,
    key,
  )
  await world.sql(
    `insert into requirement_subject (organization_id, service_id, position, subject_id)
     select $1, $2, 0, id from subject where id::text like '00000000-%'`,
    [world.organizationId, world.consultation.id],
  )
}

/** How often the work goes to the database. */
async function roundsOf(world: World, work: () => Promise<unknown>): Promise<number> {
  let rounds = 0
  const count = () => {
    rounds += 1
  }
  world.db.pool.on('acquire', count)
  await work()
  world.db.pool.off('acquire', count)
  return rounds
}

test('a month of free times takes as many rounds to the database for fifty providers as for two', async () => {
  const rounds: number[][] = []
  for (const more of [0, 48]) {
    await using world = await createWorld()
    if (more > 0) await addProviders(world, more)
    const month = () =>
      world.inject({
        url: `/api/v1/organizations/${world.slug}/services/consultation/slots?from=2026-03-02&to=2026-04-01`,
      })
    await world.inject({ url: `/api/v1/organizations/${world.slug}` })
    const cold = await roundsOf(world, month)
    const warm = await roundsOf(world, month)
    await book(world)
    const changed = await roundsOf(world, month)
    rounds.push([cold, warm, changed])
    expect((await slotsOn(world))[0]?.providers).toHaveLength(2 + more)
  }
  // The service; how new what is known is; what is taken. Then how new; then how new and what is taken.
  expect(rounds).toEqual([
    [3, 1, 2],
    [3, 1, 2],
  ])
})

type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  Plans?: Plan[]
}

/** The nodes of the plan by which the application's role runs the statement. */
async function planOf(world: World, { name, text, values }: Statement): Promise<Plan[]> {
  const explain = { name: `explain ${name}`, text: `explain (analyze, format json) ${text}`, values }
  const [rows] = await tenantBatch(world.db.pool, world.organizationId, [explain])
  const [{ Plan: plan }] = JSON.parse(String(rows?.[0]?.['QUERY PLAN'])) as [{ Plan: Plan }]
  const flat = (node: Plan): Plan[] => [node, ...(node.Plans ?? []).flatMap(flat)]
  return flat(plan)
}

test('free times are read by index: neither history nor other organizations are touched', async () => {
  await using world = await createWorld()
  await world.addBusiness('other')
  const { booking } = (await book(world, { provider: world.ada.id })).body
  const later = await book(world, { provider: world.ben.id })
  // Ada's ten years of history, and as much of Ben's.
  for (const [subject, id] of [
    [world.ada.id, booking.id],
    [world.ben.id, later.body.booking.id],
  ]) {
    await world.sql(
      `insert into claim (organization_id, id, subject_id, unit, during, booking_id)
       select $1, gen_random_uuid(), $2, 1, tstzrange(t, t + interval '30 minutes'), $3
       from generate_series('2021-01-01'::timestamptz, '2026-02-28', '3 hours') t`,
      [world.organizationId, subject, id],
    )
  }
  await world.sql('analyze')
  const subjectIds = [world.ada.id, world.ben.id]
  const nowMs = world.clock.nowMs()
  const search = { subjectIds, fromMs: nowMs - 86_400_000, toMs: nowMs + 62 * 86_400_000, nowMs }
  const claims = await planOf(world, claimsStatement(world.organizationId, search))
  const onClaims = claims.filter((node) => node['Relation Name'] === 'claim')
  expect(onClaims.map((node) => node['Node Type']).filter((type) => !/Index/.test(type))).toEqual([])
  const read = onClaims.map((node) => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1))
  expect(Math.max(...read)).toBeLessThan(10)
  await world.sql(`insert into subject (organization_id, id, kind)
    select organization_id, gen_random_uuid(), 'provider' from organization_slug, generate_series(1, 5000)`)
  await world.sql('analyze')
  const versions = await planOf(world, versionsStatement(world.organizationId, subjectIds))
  const onSubjects = versions.filter((node) => node['Relation Name'] === 'subject')
  expect(onSubjects.map((node) => node['Node Type']).filter((type) => !/Index|Bitmap/.test(type))).toEqual([])
  expect(await slotsOn(world, { date: TUESDAY })).not.toEqual([])
})

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newId } from '../shared/id.ts'
import { withTenant } from '../db/tenant.ts'
import { runMain, settingsFor } from '../../test/run-command.ts'
import { createWorld, type World } from '../../test/world.ts'
import { appendAudit, sealAudit } from './audit.service.ts'
import { checkExport, exportAudit } from './export.service.ts'

/** One event on each of these days of March. */
async function happen(world: World, days: number[], organizationId = world.organizationId): Promise<void> {
  for (const day of days) {
    const atMs = Date.UTC(2026, 2, day, 12)
    const change = { action: 'thing.changed', entity: 'thing', entityId: newId(atMs), detail: { day, b: { ü: [1.5] } } }
    await withTenant(world.db, organizationId, (tx) =>
      appendAudit(tx, organizationId, { atMs, actor: { kind: 'system' }, ...change }),
    )
  }
}

const exported = (world: World, range = {}) => Array.fromAsync(exportAudit(world, world.organizationId, range))
const day = (number: number) => new Date(Date.UTC(2026, 2, number))
const check = (lines: string[]) => checkExport(ReadableStream.from(lines))

/** The days of the events in an export. */
const daysOf = (lines: string[]) =>
  lines.flatMap((line) => (JSON.parse(line) as { event?: { detail: { day: number } } }).event?.detail.day ?? [])

describe('an exported trail', () => {
  test('has every event once, in its order, and is whole by itself', async () => {
    await using world = await createWorld()
    await happen(world, [1, 2, 3])
    const lines = await exported(world)
    expect(daysOf(lines)).toEqual([1, 2, 3])
    expect(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true)
    expect(await check(lines)).toEqual([
      { organization: world.organizationId, ok: true, events: 3, stretches: [{ first: 1, last: 3 }], isComplete: true },
    ])
    const headers = await world.signIn('owner')
    const { items } = (await world.inject({ url: `/api/v1/organizations/${world.slug}/audit-events`, headers })).json()
    const events = lines.flatMap((line) => (JSON.parse(line) as { event?: object }).event ?? [])
    expect(items.toReversed()).toEqual(events.map((event) => ({ ...event, actorName: null })))
  })

  test('of a time has what happened then, and can be checked from its first event on', async () => {
    await using world = await createWorld()
    await happen(world, [1, 2, 3, 4, 5])
    for (const [range, days, first] of [
      [{ from: day(2), to: day(4) }, [2, 3], 2],
      [{ from: day(3) }, [3, 4, 5], 3],
      [{ to: day(3) }, [1, 2], 1],
    ] as const) {
      const lines = await exported(world, range)
      expect(daysOf(lines)).toEqual(days)
      const stretches = [{ first, last: first + days.length - 1 }]
      expect(await check(lines)).toMatchObject([{ ok: true, events: days.length, stretches, isComplete: true }])
    }
    expect(await exported(world, { from: day(9) })).toEqual([])
  })

  test('has more events than are read at once, and those committed late in their places', async () => {
    await using world = await createWorld()
    await world.sql(
      `insert into audit_event (organization_id, id, at, actor_kind, action, entity, entity_id, detail)
       select $1, gen_random_uuid(), '2026-03-02T00:00:00Z'::timestamptz + i * interval '1 second', 'system', 'a', 'b',
         gen_random_uuid(), jsonb_build_object('day', i) from generate_series(1, 2500) as i`,
      [world.organizationId],
    )
    await sealAudit(world, world.organizationId)
    await happen(world, [1, 3])
    const lines = await exported(world)
    expect(daysOf(lines)).toHaveLength(2502)
    expect(await check(lines)).toMatchObject([{ ok: true, events: 2502, isComplete: true }])
  })

  test.each<[string, (lines: string[]) => string[], object]>([
    [
      'an event was changed',
      (lines) => lines.map((line) => line.replace('"day":2', '"day":7')),
      { ok: false, events: 1 },
    ],
    ['an event was taken out', (lines) => lines.toSpliced(2, 1), { ok: false, events: 1 }],
    ['an event was put in twice', (lines) => lines.toSpliced(2, 0, lines[1] ?? ''), { ok: false, events: 1 }],
    ['two changed places', ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest], { ok: false, events: 0 }],
    ['the beginning has gone', (lines) => lines.slice(1), { ok: false, events: 0 }],
    ['the end has gone', (lines) => lines.slice(0, -2), { ok: true, events: 2, isComplete: false }],
    ['only the last line has gone', (lines) => lines.slice(0, -1), { ok: true, events: 3, isComplete: false }],
    ['the last event has gone', (lines) => lines.toSpliced(3, 1), { ok: true, events: 2, isComplete: false }],
  ])('tells that %s', async (_what, tamper, verdict) => {
    await using world = await createWorld()
    await happen(world, [1, 2, 3])
    const lines = await exported(world)
    expect(await check(tamper(lines))).toMatchObject([verdict])
  })

  test('of a broken chain says so', async () => {
    await using world = await createWorld()
    await happen(world, [1, 2, 3])
    await sealAudit(world, world.organizationId)
    await world.sql('delete from audit_event where id = (select event_id from audit_seal where position = 2)')
    expect(await check(await exported(world))).toMatchObject([{ ok: false, events: 1 }])
  })

  test.each(['no JSON', '{"kind":"event"}', '[]', '{"kind":"start","organization":"x","position":0,"hash":""}'])(
    'is not taken for one when it is none: %s',
    async (line) => {
      await expect(check([line])).rejects.toThrow()
    },
  )
})

test('the owner gets the same over the API', async () => {
  await using world = await createWorld()
  await happen(world, [1, 2, 3])
  const headers = await world.signIn('owner')
  const base = `/api/v1/organizations/${world.slug}/audit-events/export`
  const ask = (query: string) => world.inject({ url: base + query, headers })
  const whole = await ask('')
  expect(whole.headers['content-type']).toBe('application/x-ndjson')
  expect(whole.body).toBe((await exported(world)).join(''))
  const some = await ask(`?from=${day(2).toISOString()}&to=${day(3).toISOString()}`)
  expect(daysOf(some.body.trim().split('\n'))).toEqual([2])
  expect((await ask('?from=2026-02-30T00:00:00Z')).statusCode).toBe(400)
})

describe('the commands', () => {
  /** Runs a command of the trail as an operator does. */
  const run = (world: World, name: string, args: string[] = []) =>
    runMain(['audit', name, ...args], settingsFor(world.config.databaseUrl))

  test('export all organizations or one, check what was exported, and end with 1 when it is broken', async () => {
    await using world = await createWorld()
    const other = await world.addBusiness('other')
    await happen(world, [1, 2])
    await happen(world, [3], other.organizationId)
    const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-trail-'))
    await using stack = new AsyncDisposableStack()
    stack.defer(() => rm(folder, { recursive: true }))
    const file = join(folder, 'trail.jsonl')

    const all = await run(world, 'export')
    expect(daysOf(all.out.trim().split('\n'))).toEqual([1, 2, 3])
    const one = await run(world, 'export', ['--organization', 'other'])
    expect(daysOf(one.out.trim().split('\n'))).toEqual([3])
    await writeFile(file, all.out)
    expect(await run(world, 'export', ['--verify', file])).toMatchObject({
      code: 0,
      out: `${world.organizationId}: 2 events, unbroken (1 to 2)\n${other.organizationId}: 1 events, unbroken (1 to 1)\n`,
    })
    await writeFile(file, (await readFile(file, 'utf8')).replace('"day":1', '"day":7'))
    expect(await run(world, 'export', ['--verify', file])).toMatchObject({ code: 1 })

    expect(await run(world, 'verify')).toMatchObject({ code: 0 })
    expect(await run(world, 'drop', ['--yes'])).toMatchObject({ code: 0, out: 'Nothing is older than 7 years.\n' })
    await world.sql(`update audit_event set action = 'x'`)
    expect(await run(world, 'verify')).toMatchObject({
      code: 1,
      out: expect.stringContaining('broken at event'),
    })
  })
})

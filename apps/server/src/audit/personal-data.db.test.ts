import { expect, test } from 'vitest'
import { operationsOf } from '../../test/operations.ts'
import { openScene, SAMPLES, type Sample, type Scene } from '../../test/samples.ts'
import { createWorld, type World } from '../../test/world.ts'
import { sealAudit, verifyAudit } from './audit.service.ts'

/** Stands in everything that a customer, or somebody about them, may write. */
const PRIVATE = 'Xanthippe'
const PHONE = '+30 700 123 456 789'

const CUSTOMER = { name: PRIVATE, phone: PHONE, timeZone: 'Europe/Athens', locale: 'en' }

/** The scene, with bookings of people who have more to say. */
function privateScene(scene: Scene): Scene {
  let count = 0
  const booking: Scene['booking'] = (changes) =>
    scene.booking({
      ...changes,
      customer: { ...CUSTOMER, email: `${PRIVATE}${count++}@example.com` },
      attendees: [{ name: PRIVATE, email: `with-${PRIVATE}@example.com` }],
    })
  return { ...scene, booking }
}

/** What is written about people, where the operation takes it. */
const WORDS: Record<string, Sample> = {
  cancelBooking: { query: { reason: PRIVATE } },
  cancelMemberBooking: { query: { reason: PRIVATE } },
  declineBooking: { payload: { reason: PRIVATE } },
  declineByLink: { payload: { reason: PRIVATE } },
  updateCustomer: { payload: { name: PRIVATE, email: `new-${PRIVATE}@example.com`, phone: PHONE, notes: PRIVATE } },
}

/** Does everything that the API can do, once, as the owner. */
async function doEverything(world: World): Promise<void> {
  const scene = privateScene(await openScene(world))
  for (const { operationId, method, path } of await operationsOf(world)) {
    const { params = {}, query, payload } = (await SAMPLES[operationId]?.(scene)) ?? expect.unreachable(operationId)
    const words = WORDS[operationId]
    const parts: Record<string, string> = { organization: world.slug, ...params }
    const pathname = path.replace(/\{(\w+)\}/g, (_whole, name: string) => parts[name] ?? expect.unreachable(name))
    const body = payload && { payload: { ...payload, ...words?.payload } }
    const url = `${pathname}?${new URLSearchParams({ ...query, ...words?.query }).toString()}`
    const answer = await world.inject({ method, url, headers: scene.office.headers, ...body })
    expect({ operationId, ok: answer.statusCode < 300, body: answer.body }).toMatchObject({ operationId, ok: true })
  }
}

test('nothing of a customer gets into the trail, whatever is done; without them it is whole', async () => {
  await using world = await createWorld()
  await doEverything(world)
  while ((await sealAudit(world, world.organizationId)) > 0);
  const actions = await world.sql('select distinct action from audit_event')
  expect(actions.length).toBeGreaterThan(20)
  const told = await world.sql('select 1 from audit_event e where e::text ilike any($1)', [
    [`%${PRIVATE}%`, `%${PHONE}%`],
  ])
  expect(told).toEqual([])
  const before = await verifyAudit(world, world.organizationId)
  expect(before).toMatchObject({ ok: true, unsealed: 0 })

  const holding = await tablesHolding(world, PRIVATE)
  expect(holding).toEqual(expect.arrayContaining(['booking', 'customer', 'message']))
  await world.sql(`delete from message`)
  await world.sql(`delete from booking`)
  await world.sql(`delete from customer`)
  expect(await tablesHolding(world, PRIVATE)).toEqual([])
  expect(await verifyAudit(world, world.organizationId)).toEqual(before)
})

/** The tables of the business in which the text stands somewhere. */
async function tablesHolding(world: World, text: string): Promise<string[]> {
  const tables = await world.sql<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by 1`,
  )
  const holding: string[] = []
  for (const { name } of tables) {
    const rows = await world.sql(`select 1 from ${name} t where t::text ilike $1 limit 1`, [`%${text}%`])
    if (rows.length > 0) holding.push(name)
  }
  return holding
}

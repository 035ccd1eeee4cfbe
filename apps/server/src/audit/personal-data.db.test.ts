import { expect, test } from 'vitest'
import { doEverything, PHONE, PRIVATE } from '../../test/everything.ts'
import { createWorld, type World } from '../../test/world.ts'
import { sealAudit, verifyAudit } from './audit.service.ts'

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

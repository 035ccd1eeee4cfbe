import { expect, test } from 'vitest'
import { book } from '../../test/requests.ts'
import { createWorld, type World } from '../../test/world.ts'
import { sealAudit } from '../audit/audit.service.ts'
import { withOwner } from '../db/owner.ts'
import { checkRestored } from './restored.service.ts'

async function faultsOf(world: World): Promise<string[]> {
  const findings = await withOwner(world.config.databaseUrl, (superuser) => checkRestored(world.db, superuser))
  return findings.filter(({ ok }) => !ok).map(({ what, found }) => `${what}: ${found}`)
}

test('a database that is whole has no fault', async () => {
  await using world = await createWorld()
  await book(world, { provider: world.ada.id })
  await sealAudit(world, world.organizationId)
  expect(await faultsOf(world)).toEqual([])
})

test('a time that is taken twice is found, and the rule that should have refused it', async () => {
  await using world = await createWorld()
  await book(world, { provider: world.ada.id })
  await world.sql('alter table claim drop constraint claim_no_overlap')
  await world.sql(`insert into claim (organization_id, id, subject_id, unit, during, booking_id)
    select organization_id, gen_random_uuid(), subject_id, unit, during, booking_id from claim limit 1`)
  const faults = await faultsOf(world)
  expect(faults).toContain('times taken twice: 1')
  expect(faults).toContain('rule against taking twice: the constraint is not there')
})

test.each([
  ['one behind the other, without a minute between them', ['1 09:00 10:00', '1 10:00 11:00'], 0],
  ['at the same time, of another unit', ['1 09:00 10:00', '2 09:00 10:00'], 0],
  ['at the same time', ['1 09:00 10:00', '1 09:00 10:00'], 1],
  ['each over both others', ['1 09:00 12:00', '1 10:00 13:00', '1 11:00 14:00'], 3],
  ['a long one over two short ones', ['1 09:00 12:00', '1 09:30 10:00', '1 11:00 11:30'], 2],
])('claims %s: as many pairs that overlap as there are', async (_how, claims, pairs) => {
  await using world = await createWorld()
  await book(world, { provider: world.ada.id })
  await world.sql('alter table claim drop constraint claim_no_overlap')
  for (const claim of claims) {
    const [unit, from, until] = claim.split(' ')
    await world.sql(`insert into claim (organization_id, id, subject_id, unit, during, booking_id)
      select organization_id, gen_random_uuid(), subject_id, ${unit}, '[2020-01-01 ${from}Z,2020-01-01 ${until}Z)', booking_id
      from claim limit 1`)
  }
  const findings = await withOwner(world.config.databaseUrl, (superuser) => checkRestored(world.db, superuser))
  expect(findings).toContainEqual({ what: 'times taken twice', ok: pairs === 0, found: String(pairs) })
})

test('a booking without its time is found', async () => {
  await using world = await createWorld()
  await book(world, { provider: world.ada.id })
  await world.sql(`update booking set ends_at = now() + interval '1 day'`)
  await world.sql('delete from claim')
  expect(await faultsOf(world)).toEqual(['bookings without their time: 1'])
})

test('a trail that was changed is found, with the place', async () => {
  await using world = await createWorld()
  await book(world, { provider: world.ada.id })
  await sealAudit(world, world.organizationId)
  await world.sql(`update audit_event set action = 'something.else' where action = 'booking.created'`)
  expect(await faultsOf(world)).toEqual([expect.stringContaining(`audit trail: ${world.organizationId} at event`)])
})

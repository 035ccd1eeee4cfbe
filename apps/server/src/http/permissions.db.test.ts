import { describe, expect, test } from 'vitest'
import { addApiKey } from '../../test/office.ts'
import { operationsOf, type Operation } from '../../test/operations.ts'
import { CALLERS, readPermissions, type Caller } from '../../test/permissions.ts'
import { fingerprint } from '../../test/requests.ts'
import { SAMPLES, type Sample } from '../../test/samples.ts'
import { openScene } from '../../test/scene.ts'
import { createWorld, sharedWorld, type World } from '../../test/world.ts'

const PERMISSIONS = readPermissions()

/** Signs everybody in, and makes a key with each scope; the provider is Ben. */
async function signInAll(world: World): Promise<Record<Caller, { cookie?: string; authorization?: string }>> {
  const other = await world.addBusiness('other')
  const provider = await world.signIn('provider')
  await world.sql(`update member set provider_id = $1 where role = 'provider'`, [world.ben.id])
  const [outsider, owner] = [await world.signIn('owner', other.organizationId), await world.signIn('owner')]
  const everything = ['read', 'bookings:write', 'setup:write']
  const old = await addApiKey(world, owner, { scopes: everything })
  await world.sql(
    `update api_key set created_at = created_at - interval '60 d', expires_at = expires_at - interval '60 d'
     where id = $1`,
    [old.id],
  )
  return {
    nobody: {},
    outsider,
    owner,
    'k:read': (await addApiKey(world, owner, { scopes: ['read'] })).headers,
    'k:book': (await addApiKey(world, owner, { scopes: ['bookings:write'] })).headers,
    'k:setup': (await addApiKey(world, owner, { scopes: ['setup:write'] })).headers,
    'k:other': (await addApiKey(world, outsider, { slug: other.slug, scopes: everything })).headers,
    'k:old': old.headers,
    admin: await world.signIn('admin'),
    manager: await world.signIn('manager'),
    provider,
    viewer: await world.signIn('viewer'),
  }
}

function urlOf(world: World, { path }: Operation, { params = {}, query = {} }: Sample): string {
  const parts: Record<string, string> = { organization: world.slug, ...params }
  const pathname = path.replace(/\{(\w+)\}/g, (_whole, name: string) => parts[name] ?? expect.unreachable(name))
  return `${pathname}?${new URLSearchParams(query).toString()}`
}

describe('the table of permissions', () => {
  const shared = sharedWorld()

  test('has every operation of the API, and no other', async () => {
    const names = (await operationsOf(shared())).map(({ operationId }) => operationId)
    const told = PERMISSIONS.map(({ operationId }) => operationId)
    expect([...new Set(told)].sort()).toEqual(names.sort())
    const lines = PERMISSIONS.map(({ name }) => name)
    expect(new Set(lines).size).toBe(lines.length)
    expect(Object.keys(SAMPLES).sort()).toEqual(lines.sort())
  })

  test('is what every caller gets from every operation', { timeout: 120_000 }, async () => {
    await using world = await createWorld()
    const headers = await signInAll(world)
    const operations = new Map((await operationsOf(world)).map((operation) => [operation.operationId, operation]))
    const scene = await openScene(world)
    const wrong: object[] = []
    for (const { name, operationId, statuses } of PERMISSIONS) {
      const operation = operations.get(operationId) ?? expect.unreachable(operationId)
      for (const caller of CALLERS) {
        const sample = (await SAMPLES[name]?.(scene)) ?? expect.unreachable(name)
        const { payload } = sample
        const answer = await world.inject({
          ...{ method: operation.method, url: urlOf(world, operation, sample), headers: headers[caller] },
          ...(payload && { payload }),
        })
        if (answer.statusCode !== statuses[caller])
          wrong.push({ name, caller, expected: statuses[caller], got: answer.statusCode, body: answer.body })
      }
    }
    expect(wrong).toEqual([])
  })
})

/** Other answers than 404, with which nothing happens either. */
const OTHERWISE: Record<string, number> = {
  releaseHold: 204,
  // A hold that is not there has expired.
  extendHold: 410,
  // Who is needed is looked for before what for.
  putRequirements: 400,
  // Whoever is not there has no bookings to give away.
  reassignProvider: 200,
}

test('what belongs to another organization is not found and not changed, whoever asks and whatever for', async () => {
  await using world = await createWorld()
  const other = await world.addBusiness('other')
  const signIn: World['signIn'] = (role) => world.signIn(role, other.organizationId)
  const theirs = await openScene({ ...world, ...other, signIn })
  const headers = await world.signIn('owner')
  const asked: string[] = []
  for (const operation of await operationsOf(world)) {
    const { operationId, path, method } = operation
    if (!/^\/api\/v1\/organizations\/\{organization\}\/.*\{(?:id|service)\}/.test(path)) continue
    const sample = (await SAMPLES[operationId]?.(theirs)) ?? expect.unreachable(operationId)
    // A slug may be the same in both.
    const service: Record<string, string> =
      sample.params?.['service'] === 'consultation' ? { service: other.consultation.id } : {}
    const url = urlOf(world, operation, { ...sample, params: { ...sample.params, ...service } })
    const before = await fingerprint(world)
    const answer = await world.inject({ method, url, headers, ...(sample.payload && { payload: sample.payload }) })
    const status = OTHERWISE[operationId] ?? 404
    expect({ operationId, status: answer.statusCode }).toEqual({ operationId, status })
    expect({ operationId, isChanged: (await fingerprint(world)) !== before }).toEqual({ operationId, isChanged: false })
    asked.push(operationId)
  }
  expect(asked.length).toBeGreaterThan(20)
})

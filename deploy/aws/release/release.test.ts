import { expect, test } from 'vitest'
import { runRelease as run, startAws as aws } from './fake-aws.fixture.ts'
import { changedBy } from './fake-cloudformation.fixture.ts'
import { REPOSITORY, type World } from './fake-world.fixture.ts'

const TO_V2 = ['--environment', 'staging', '--version', 'v2']
const BACK = ['--environment', 'staging', '--back']

test('a version comes in this order: image, look, static files, schema, stack; then visitors are asked', async () => {
  await using world = await aws()
  expect(await run(world, TO_V2)).toMatchObject({ code: 0 })
  expect(milestones(world)).toEqual([
    'docker pull ghcr.io/acme/slotkeeper:v2',
    `docker push ${REPOSITORY}:v2`,
    'migrate status --json with v2',
    `docker pull ${REPOSITORY}:v2`,
    's3:PutObject',
    's3:PutObject',
    'migrate up --json with v2',
    'cloudformation:UpdateStack',
  ])
  expect(world.applied).toEqual(['0001_first', '0002_second', '0003_third'])
})

test('the stack is told the version, the one before and its migrations, and keeps all else of it', async () => {
  await using world = await aws()
  await run(world, TO_V2)
  const [update] = updates(world)
  expect(changedBy(update)).toEqual({ Version: 'v2', PreviousVersion: 'v1', Brought: '0002_second,0003_third' })
  expect(Object.values(update)).toContain('BootstrapVersion')
  expect(update).toMatchObject({ UsePreviousTemplate: 'true' })
})

test('alarms bring the version before back, except those that ring already', async () => {
  await using world = await aws({ ringing: ['slotkeeper-staging-slow'] })
  const { said } = await run(world, TO_V2)
  const [update] = updates(world)
  expect(Object.values(update).filter((value) => value.includes(':alarm:'))).toEqual([
    expect.stringContaining('slotkeeper-staging-failures'),
  ])
  expect(said).toContain('slotkeeper-staging-slow rings already')
})

test('static files have the right types, may be kept for ever, and are put beside those of versions before', async () => {
  await using world = await aws()
  world.bucket?.set('_app/immutable/entry/start.1111.js', { type: 'old', cache: 'old' })
  world.bucket?.set('_app/immutable/assets/page.css', { type: 'as it was', cache: 'as it was' })
  await run(world, TO_V2)
  expect(Object.fromEntries(world.bucket ?? [])).toEqual({
    '_app/immutable/entry/start.1111.js': { type: 'old', cache: 'old' },
    '_app/immutable/assets/page.css': { type: 'as it was', cache: 'as it was' },
    '_app/immutable/entry/start.2222.js': {
      type: 'text/javascript; charset=utf-8',
      cache: 'public, max-age=31536000, immutable',
    },
  })
})

test('an image that the registry has is not copied again', async () => {
  await using world = await aws({ registry: new Set(['v1', 'v2']) })
  expect(await run(world, TO_V2, {})).toMatchObject({ code: 0 })
  expect(world.asked.filter((line) => line.startsWith('docker push'))).toEqual([])
})

test('a revision of the task differs from that of the stack by the image of the product alone', async () => {
  await using world = await aws()
  await run(world, TO_V2)
  const registered = world.requests.find(({ action }) => action === 'ecs:RegisterTaskDefinition')?.body
  expect(registered).toMatchObject({
    family: 'slotkeeper-staging-once',
    taskRoleArn: 'arn:aws:iam::111122223333:role/task',
    volumes: [{ name: 'made' }],
    containerDefinitions: [
      { name: 'users', image: `${REPOSITORY}:v2` },
      { name: 'command', image: `${REPOSITORY}:v2`, environment: [{ name: 'PUBLIC_URL' }] },
      { name: 'tool', image: 'public.ecr.aws/aws-cli/aws-cli:2.27.50' },
    ],
  })
  expect(registered).not.toHaveProperty('revision')
})

test('progress is told, without that of earlier updates', async () => {
  await using world = await aws()
  const { said } = await run(world, TO_V2)
  expect(said).toContain('WebService: update complete')
  expect(said).not.toContain('of another update')
})

test.each([
  ['migration fails', 'migrate up --json failed', 'command ended with 1', 'once/command/abc', 'lock timeout'],
  ['tells nothing', 'migrate status --json has told nothing', 'once/command/abc', 'Migrating'],
  ['users fail', 'users ended with 2', 'once/users/abc', 'password authentication failed'],
] as const)('a task that fails (%s) ends the roll out with reason and place of its log', async (task, ...reasons) => {
  await using world = await aws()
  world.task = task
  const { code, complained } = await run(world, TO_V2)
  expect(code).toBe(1)
  for (const part of ['/slotkeeper-staging/once', ...reasons]) expect(complained).toContain(part)
  expect(updates(world)).toEqual([])
})

test('a task that takes too long is stopped, and one that does not start is told: the version that runs stays', async () => {
  await using world = await aws({ task: 'never stops' })
  expect(await run(world, [...TO_V2, '--patience', '0'])).toMatchObject({ code: 1 })
  expect(world.asked.at(-1)).toBe('ecs:StopTask')
  world.task = 'does not start'
  expect(await run(world, TO_V2)).toMatchObject({ code: 1, complained: 'ECS starts no task: RESOURCE:ENI' })
  expect(updates(world)).toEqual([])
})

test('a version whose migration the one before does not survive is refused before anything changes', async () => {
  await using world = await aws()
  Object.assign(world.images['v2']?.migrations ?? {}, { '0003_third': '-- Last release: does not survive.' })
  const { code, complained } = await run(world, TO_V2)
  expect({ code, complained }).toEqual({ code: 1, complained: expect.stringContaining('does not survive 0003_third') })
  expect(world.applied).toEqual(['0001_first'])
  expect(world.bucket?.size).toBe(0)
})

test('when CloudFormation rolls back, the schema goes back with it, and the command says why', async () => {
  await using world = await aws({ updates: 'roll back' })
  const { code, complained } = await run(world, TO_V2)
  expect(code).toBe(3)
  expect(complained).toMatch(/has brought v1 back, as v2 failed: WebService: .*circuit breaker was triggered/)
  expect(milestones(world).slice(-2)).toEqual(['migrate status --json with v2', 'migrate down 2 --json with v2'])
  expect(world.applied).toEqual(['0001_first'])
})

test('when CloudFormation refuses the update, the schema goes back, too', async () => {
  await using world = await aws({ updates: 'are refused' })
  expect(await run(world, TO_V2)).toMatchObject({ code: 1, complained: 'User is not authorized' })
  expect(world.applied).toEqual(['0001_first'])
})

test('a migration that loses something by going back stays, as it does no harm', async () => {
  await using world = await aws({ updates: 'roll back' })
  Object.assign(world.images['v2']?.migrations ?? {}, {
    '0003_third': '-- Last release: survives.\n-- Going back: loses the colours.',
  })
  expect(await run(world, TO_V2)).toMatchObject({ code: 3, said: expect.stringContaining('the schema stays as it is') })
  expect(world.applied).toHaveLength(3)
})

test.each([
  ['get stuck', 'UPDATE_ROLLBACK_FAILED'],
  ['never end', 'still under way'],
  ['fall silent', 'cannot be watched any more'],
] as const)(
  'a stack that cannot go back, does not end or is not heard (%s) is for a person to look at',
  async (ends, words) => {
    await using world = await aws({ updates: ends })
    const { code, complained } = await run(world, [...TO_V2, '--patience', '0.001'])
    expect({ code, complained }).toEqual({ code: 4, complained: expect.stringContaining(words) })
    expect(world.applied).toHaveLength(3)
  },
)

test('when visitors do not get the pages of the version, what the stack said before comes back', async () => {
  await using world = await aws({ shown: { status: 502, body: 'Bad gateway' } })
  const { code, complained } = await run(world, TO_V2)
  expect({ code, complained }).toEqual({ code: 3, complained: expect.stringContaining('502 Bad gateway') })
  expect(world.parameters).toMatchObject({ Version: 'v1', PreviousVersion: 'none', Brought: 'none' })
  expect(world.applied).toEqual(['0001_first'])
})

test('a staging that wants a name is not asked further', async () => {
  await using world = await aws({ shown: { status: 401, body: 'Who are you?' } })
  expect(await run(world, TO_V2)).toMatchObject({ code: 0, said: expect.stringContaining('not asked') })
})

test('the version before comes back with its schema, and nothing is left to go back to', async () => {
  await using world = await aws()
  await run(world, TO_V2)
  world.asked.length = 0
  expect(await run(world, BACK)).toMatchObject({ code: 0 })
  expect(milestones(world)).toEqual([
    'cloudformation:UpdateStack',
    'migrate status --json with v2',
    `docker pull ${REPOSITORY}:v2`,
    'migrate down 2 --json with v2',
    `docker pull ${REPOSITORY}:v1`,
  ])
  expect(world.parameters).toMatchObject({ Version: 'v1', PreviousVersion: 'none', Brought: 'none' })
  expect(world.applied).toEqual(['0001_first'])
  expect(await run(world, BACK)).toMatchObject({ code: 1, complained: 'No version is known to go back to.' })
})

test('going back touches no schema where the version brought none, or another came since', async () => {
  await using world = await aws({ applied: ['0001_first', '0002_second', '0003_third', '0004_newer'] })
  world.registry.add('v2')
  Object.assign(world.parameters, { Version: 'v2', PreviousVersion: 'v1', Brought: 'none' })
  expect(await run(world, BACK)).toMatchObject({ code: 0 })
  Object.assign(world.parameters, { Version: 'v2', PreviousVersion: 'v1', Brought: '0002_second,0003_third' })
  expect(await run(world, BACK)).toMatchObject({ code: 0 })
  expect(world.asked.filter((line) => /^migrate (up|down)/.test(line))).toEqual([])
})

test('the version before comes back also where the schema cannot be taken back', async () => {
  await using world = await aws()
  await run(world, TO_V2)
  world.task = 'migration fails'
  expect(await run(world, BACK)).toMatchObject({ code: 0, said: expect.stringContaining('was not taken back') })
  expect(world.parameters).toMatchObject({ Version: 'v1' })
})

test('going back that visitors do not see is for a person to look at', async () => {
  await using world = await aws({ shown: { status: 502, body: '' } })
  Object.assign(world.parameters, { Version: 'v2', PreviousVersion: 'v1' })
  expect(await run(world, BACK)).toMatchObject({ code: 4 })
})

test.each<[string, (world: World) => void, string]>([
  ['the environment is not built', (world) => (world.stack = 'missing'), 'is not built'],
  ['another update is under way', (world) => (world.status = 'UPDATE_IN_PROGRESS'), 'UPDATE_IN_PROGRESS'],
  ['the image is nowhere', (world) => delete world.images['v2'], 'ghcr.io/acme/slotkeeper:v2 not found'],
  ['what runs is not in the registry', (world) => world.registry.clear(), 'nobody could go back'],
])('nothing changes when %s', async (_, prepare, words) => {
  await using world = await aws()
  prepare(world)
  const { code, complained } = await run(world, TO_V2)
  expect({ code, complained }).toEqual({ code: 1, complained: expect.stringContaining(words) })
  expect(milestones(world).filter((line) => !line.startsWith('docker pull'))).toEqual([])
})

test('a version that runs already is left alone', async () => {
  await using world = await aws()
  expect(await run(world, ['--environment', 'staging', '--version', 'v1'])).toMatchObject({ code: 0 })
  expect(milestones(world)).toEqual([])
})

test('before the first time, all but the stack is prepared, also without a bucket', async () => {
  await using world = await aws({ registry: new Set(), applied: [], bucket: undefined })
  world.parameters['Version'] = 'v2'
  expect(await run(world, [...TO_V2, '--prepare'])).toMatchObject({ code: 0 })
  expect(world.applied).toHaveLength(3)
  expect(updates(world)).toEqual([])
})

test('a dry run tells the steps and takes none', async () => {
  await using world = await aws()
  const { code, said } = await run(world, [...TO_V2, '--dry-run'])
  expect(code).toBe(0)
  expect(said.match(/would \w+/g)).toEqual([
    'would copy',
    'would ask',
    'would put',
    'would bring',
    'would change',
    'would ask',
  ])
  expect(world.asked).toEqual(['cloudformation:DescribeStacks', 'cloudwatch:DescribeAlarms', 'ecr:BatchGetImage'])
})

test.each([
  ['an unknown environment', ['--environment', 'moon', '--version', 'v2'], 'There is no environment moon'],
  ['no version', ['--environment', 'staging'], '--version is a tag'],
  ['a version that is no tag', ['--environment', 'staging', '--version', '-x y'], '--version'],
  ['going back to some version', [...BACK, '--version', 'v1'], 'the version before'],
  ['an unknown option', ['--fast'], "Unknown option '--fast'"],
])('%s is a wrong use, and asks nobody', async (_, args, words) => {
  await using world = await aws()
  const { code, complained } = await run(world, args)
  expect({ code, complained }).toEqual({ code: 2, complained: expect.stringContaining(words) })
  expect(world.asked).toEqual([])
})

/** What changes something, or takes an image. */
function milestones({ asked }: World): string[] {
  const lines = asked.filter((line) => /^(migrate|docker (pull|push)|cloudformation:Update|s3:Put)/.test(line))
  return lines.map((line) => line.replace(' --quiet', '').replace(' --platform linux/amd64', ''))
}

function updates({ requests }: World): [Record<string, string>, ...Record<string, string>[]] {
  return requests.filter(({ action }) => action === 'cloudformation:UpdateStack').map(({ body }) => body) as [
    Record<string, string>,
  ]
}

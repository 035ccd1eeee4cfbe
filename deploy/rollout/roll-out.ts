import { composeFor, run, type Compose, type Place } from './compose.ts'
import { readDeployment, releaseOf, VERSION, writeDeployment, type Release } from './deployment.ts'
import { putBackSettings, readSettings, writeSetting } from './env-file.ts'
import { alone } from './lock.ts'
import { examine, smoke } from './preflight.ts'
import { containersOf, imageId, imageIdOf, outdatedOf, replaceContainers } from './replace.ts'
import { migrationsOf, pendingMigrations, takeBackSchema } from './schema.ts'
import { askThroughNginx, tryVersion } from './trial.ts'

export type Rolling = Place & {
  say: (line: string) => void
  /** how long a new container may take to get ready; two minutes when left out */
  patienceMs?: number
  /** what the doctor may find unwell all the same, by its names */
  despite?: readonly string[]
  /** ends it between two containers, and has it go back */
  signal?: AbortSignal
}

/** What a roll out or a roll back has changed. */
export type Rolled = { from: string; to: string }

/** A container that is not ready by then never will be. */
const PATIENCE_MS = 120_000

/**
 * Brings a version to all containers while visitors go on: its doctor looks at what is there, a backup is made, the schema is brought up to it (which the
 * version before survives), one container of it is tried where no visitor comes, and each container is replaced when its
 * successor is ready. When a step fails, the containers, the settings and the schema go back to what they were.
 * @throws with what failed, after going back
 */
export async function rollOut(asked: Rolling & { version: string }): Promise<Rolled> {
  const { envFile, version, say } = asked
  return alone(envFile, async () => {
    const compose = composeFor(asked)
    const image = await imageNamed(envFile, version)
    const { current, previous } = await readDeployment(envFile)
    const before = await running(asked, current)
    if (before.version === version && before.imageId !== (await imageId(image)))
      throw new Error(`Version ${version} runs already, from another image. Give this one a version of its own.`)
    await sameImage(envFile, before)
    const pending = await pendingMigrations(compose, image)
    const next: Release = {
      ...(await releaseOf(envFile, version, await imageId(image))),
      schemaBefore: (await migrationsOf(compose)).at(-1),
    }
    say(`from ${before.version} to ${version}, ${pending.length} migrations to run`)
    // What this version has made for itself and the one before had not; and another password of the mail server.
    await compose(['run', '--rm', '--no-deps', '-T', 'first-start'], { [VERSION]: version })
    say(await examine({ compose, env: { [VERSION]: version }, despite: asked.despite ?? [] }))
    try {
      await backUp(compose, say)
      await bring(asked, next)
    } catch (error) {
      await writeDeployment(envFile, { current: before, ...(previous && { previous }), failed: next })
      await goBack(asked, { from: next, to: before }, error)
    }
    await writeSetting(envFile, VERSION, version)
    await writeDeployment(envFile, { current: next, previous: before })
    return { from: before.version, to: version }
  })
}

/**
 * Brings the version before back with its settings, in the same way; then the schema, where its migrations say that
 * nothing is lost. Where it stays, that does no harm: each release runs on the schema of the next. From there, no way leads
 * further back: what ran before that version is not known, and the one that was left is rolled out anew.
 * @throws when none is known
 */
export async function rollBack(asked: Rolling): Promise<Rolled> {
  const { envFile, say } = asked
  return alone(envFile, async () => {
    const { current, previous } = await readDeployment(envFile)
    if (!current || !previous)
      throw new Error('No version is known to go back to. Roll one out: npm run deploy:docker -- --version NAME')
    await sameImage(envFile, previous)
    say(`from ${current.version} back to ${previous.version}`)
    await comeBack(asked, { from: current, to: previous })
    await writeDeployment(envFile, { current: previous, failed: current })
    return { from: current.version, to: previous.version }
  })
}

/**
 * What runs now. Where the containers are what the settings in the file make, those are its settings, whoever wrote them;
 * else the file was changed for the version to come, and they are those of the last roll out.
 */
async function running(asked: Rolling, current: Release | undefined): Promise<Release> {
  const compose = composeFor(asked)
  const [first] = await containersOf(compose, 'app')
  if (first === undefined) throw new Error('Nothing runs yet. Start it with docker compose up -d --wait.')
  const version = current?.version ?? (await readSettings(asked.envFile))[VERSION] ?? 'latest'
  const isAsWritten = (await outdatedOf(compose, 'app', { [VERSION]: version })).length === 0
  if (current && !isAsWritten) return current
  return releaseOf(asked.envFile, version, await imageIdOf(first))
}

/** Whoever cannot go back does not begin. */
async function sameImage(envFile: string, { version, imageId: ran }: Release): Promise<void> {
  const image = await imageNamed(envFile, version)
  if ((await imageId(image)) !== ran)
    throw new Error(`${image} is not what ran under that name. Bring it back: docker tag ${ran} ${image}`)
}

async function imageNamed(envFile: string, version: string): Promise<string> {
  const image = `${(await readSettings(envFile))['SLOTKEEPER_IMAGE'] ?? 'slotkeeper'}:${version}`
  await run('docker', ['image', 'inspect', image]).catch((cause: unknown) => {
    if (!String(cause).includes('No such image')) throw cause
    throw new Error(`There is no image ${image} on this machine. Pull or build it first.`, { cause })
  })
  return image
}

async function backUp(compose: Compose, say: (line: string) => void): Promise<void> {
  if (!(await has(compose, 'backup'))) {
    say('no backup is made: the Compose file has no service that makes them')
    return
  }
  await compose(['exec', '-T', 'backup', 'backup', 'now'])
  say('a backup is made')
}

async function has(compose: Compose, service: string): Promise<boolean> {
  return (await compose(['config', '--services'])).split('\n').includes(service)
}

async function bring(asked: Rolling, { version }: Release): Promise<void> {
  const compose = composeFor(asked)
  const env = { [VERSION]: version }
  const said = await compose(['run', '--rm', '--no-deps', '-T', 'migrate'], env)
  asked.say(`schema: ${said.split('\n').at(-1) ?? ''}`)
  await tryVersion({ compose, env, patienceMs: asked.patienceMs ?? PATIENCE_MS })
  asked.say('one container is tried where no visitor comes')
  await replaceAll(asked, version)
  await smoke(compose)
  asked.say('the smoke test passes')
}

async function replaceAll({ say, signal, patienceMs = PATIENCE_MS, ...place }: Rolling, version: string) {
  const compose = composeFor(place)
  const rest = { compose, env: { [VERSION]: version }, patienceMs, say, signal }
  await replaceContainers({ service: 'app', ...rest })
  await replaceContainers({ service: 'worker', ...rest })
  // It makes no answers and waits for nobody: it is simply made anew.
  if (await has(compose, 'backup-check'))
    await compose(['up', '-d', '--no-deps', 'backup-check'], { [VERSION]: version })
  await askThroughNginx(compose)
  say('nginx reaches containers that are ready')
}

/** Undoes a roll out that has failed, and tells why it has. */
async function goBack(asked: Rolling, way: { from: Release; to: Release }, failure: unknown): Promise<never> {
  const { signal: _, ...whole } = asked
  asked.say(`failed; going back to ${way.to.version}`)
  try {
    await comeBack(whole, way)
  } catch (error) {
    throw new AggregateError([failure, error], 'The roll out failed, and so did going back.', {
      cause: error,
    })
  }
  throw failure
}

async function comeBack(asked: Rolling, { from, to }: { from: Release; to: Release }): Promise<void> {
  const { envFile, say } = asked
  const compose = composeFor(asked)
  const image = await imageNamed(envFile, from.version)
  const changed = await putBackSettings(envFile, { ...to.settings, [VERSION]: to.version })
  if (changed.length > 0) say(`settings put back: ${changed.join(', ')}`)
  await replaceAll(asked, to.version)
  if (from.schemaBefore === undefined) return
  const env = { [VERSION]: from.version }
  const taken = await takeBackSchema(compose, { image, since: from.schemaBefore, env })
  say(taken.length === 0 ? 'the schema stays as it is' : `schema: ${taken.join(', ')} taken back`)
}

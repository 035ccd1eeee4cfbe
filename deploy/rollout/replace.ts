import { setTimeout as sleep } from 'node:timers/promises'
import { run, type Compose } from './compose.ts'

const PAUSE_MS = 500

export type Replacing = {
  compose: Compose
  service: 'app' | 'worker'
  /** what the containers are made with, beside the settings in the file */
  env: Record<string, string>
  patienceMs: number
  say: (line: string) => void
  /** asks it between two containers; rejects when it is to end */
  signal?: AbortSignal | undefined
}

/**
 * Replaces the containers of a service by those that the image and the settings now ask for, one by one: each old one goes
 * when a new one is ready, and finishes what is under way. Containers that are as they must be stay.
 * @throws when a new one does not get ready; it is removed, and the old ones that are left go on
 */
export async function replaceContainers(asked: Replacing): Promise<void> {
  const { compose, service, env, say, signal } = asked
  const old = await outdatedOf(compose, service, env)
  for (const [index, id] of old.entries()) {
    signal?.throwIfAborted()
    await addOne(asked)
    await remove(id)
    say(`${service}: ${index + 1} of ${old.length} replaced`)
  }
}

async function addOne({ compose, service, env, patienceMs }: Replacing): Promise<void> {
  const before = await containersOf(compose, service)
  const made = async () => (await containersOf(compose, service)).filter((one) => !before.includes(one))
  try {
    const scale = `${service}=${before.length + 1}`
    await compose(['up', '-d', '--no-deps', '--no-recreate', '--scale', scale, service], env)
    for (const one of await made()) await untilReady(one, patienceMs)
  } catch (error) {
    for (const one of await made()) await remove(one)
    throw error
  }
}

/** The containers that the image and the settings would now make in another way. */
export async function outdatedOf(compose: Compose, service: string, env: Record<string, string>): Promise<string[]> {
  const wanted = await wantedMark(compose, service, env)
  const outdated: string[] = []
  for (const id of await containersOf(compose, service)) if ((await markOf(id)) !== wanted) outdated.push(id)
  return outdated
}

/** The image and the settings of a container, in a few letters. */
async function markOf(id: string): Promise<string> {
  return run('docker', ['inspect', '-f', '{{.Image}} {{index .Config.Labels "com.docker.compose.config-hash"}}', id])
}

/** The same, of a container that would be made now. */
async function wantedMark(compose: Compose, service: string, env: Record<string, string>): Promise<string> {
  const [, hash = ''] = (await compose(['config', '--hash', service], env)).split(' ')
  return `${await imageId(await imageOf(compose, service, env))} ${hash}`
}

async function imageOf(compose: Compose, service: string, env: Record<string, string>): Promise<string> {
  const config = JSON.parse(await compose(['config', '--format', 'json'], env)) as {
    services: Record<string, { image: string }>
  }
  const image = config.services[service]?.image
  if (image === undefined) throw new Error(`The Compose file has no service ${service}.`)
  return image
}

/** The id of an image that is on this machine. */
export function imageId(image: string): Promise<string> {
  return run('docker', ['image', 'inspect', '-f', '{{.Id}}', image])
}

/** The id of the image that a container runs. */
export function imageIdOf(container: string): Promise<string> {
  return run('docker', ['inspect', '-f', '{{.Image}}', container])
}

export async function containersOf(compose: Compose, service: string): Promise<string[]> {
  return (await compose(['ps', '-q', service])).split('\n').filter(Boolean)
}

/**
 * Waits until Docker calls a container healthy.
 * @throws with its last words when it ends, is called unhealthy, or takes longer than that
 */
export async function untilReady(id: string, patienceMs: number): Promise<void> {
  const untilMs = performance.now() + patienceMs
  for (;;) {
    const state = await run('docker', ['inspect', '-f', '{{.State.Status}} {{.State.Health.Status}}', id])
    if (state === 'running healthy') return
    if (state !== 'running starting' || performance.now() > untilMs) {
      const lines = await run('docker', ['logs', '--tail', '8', id])
      throw new Error(`The new container did not get ready (${state}). It said:\n${lines}`)
    }
    await sleep(PAUSE_MS)
  }
}

/** Stops it with all the patience that its service asks for, and takes it away. */
async function remove(id: string): Promise<void> {
  await run('docker', ['stop', id])
  await run('docker', ['rm', id])
}

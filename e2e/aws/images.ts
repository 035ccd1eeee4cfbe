import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { VERSION, type Deployed } from '../../deploy/aws/test/deployed.ts'
import { docker, run, tryRun } from '../containers/harness/command.ts'
import { until } from '../containers/harness/until.ts'
import type { Ground } from './ground.ts'

/** A version of which every process ends at once. */
export const BROKEN_VERSION = 'broken'

export type Images = AsyncDisposable & {
  /** the product's image, which trusts the stand-ins of AWS as it trusts AWS */
  product: string
  /** an empty machine */
  machine: string
}

/** Makes the images and pushes those of the product to where machines pull them. */
export async function makeImages(
  built: string,
  { prefix, publicAuthority, registry }: Ground,
  { config }: Deployed,
): Promise<Images> {
  await using stack = new AsyncDisposableStack()
  const repository = `${registry.pushTo}/slotkeeper-${config.name}`
  const context = dirname(publicAuthority.caFile)
  const trusting = `FROM ${built}\nCOPY --chmod=0444 ca.pem /trusted.pem\nENV NODE_EXTRA_CA_CERTS=/trusted.pem\n`
  const product = await build(stack, `${repository}:${VERSION}`, { context, dockerfile: trusting })
  const breaking = `FROM ${product}\nENTRYPOINT ["node", "-e", "process.exit(1)"]\n`
  const broken = await build(stack, `${repository}:${BROKEN_VERSION}`, { context, dockerfile: breaking })
  const machine = await build(stack, `${prefix}-machine`, { context: join(import.meta.dirname, 'machine') })
  await push(registry, [product, broken])
  const made = stack.move()
  return { product, machine, [Symbol.asyncDispose]: () => made.disposeAsync() }
}

async function build(
  stack: AsyncDisposableStack,
  tag: string,
  { context, dockerfile }: { context: string; dockerfile?: string },
): Promise<string> {
  const file = dockerfile === undefined ? [] : ['--file', '-']
  await run('docker', ['build', '--quiet', '--tag', tag, ...file, context], { input: dockerfile ?? '' })
  stack.defer(async () => {
    await tryRun('docker', ['image', 'rm', '--force', tag])
  })
  return tag
}

/** Signs in with a configuration of its own, so that nothing of it stays on this machine. */
async function push({ pushTo, password }: Ground['registry'], tags: string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-registry-'))
  try {
    const login = ['--config', folder, 'login', '--username', 'AWS', '--password-stdin', pushTo]
    await until(async () => (await tryRun('docker', login, { input: password })).code === 0)
    for (const tag of tags) await docker('--config', folder, 'push', '--quiet', tag)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

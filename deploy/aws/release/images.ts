import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BatchGetImageCommand, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { runCommand } from '../../../scripts/shared/run-command.ts'
import type { Aws } from './aws.ts'
import { NoRelease } from './outcome.ts'
import type { Migrations } from './schema.ts'

/** Runs docker to its end with something on its standard input: the last line it printed. Rejects with all of them. */
export type Docker = (args: string[], input?: string) => Promise<string>

/** What Fargate and the machines run. */
const PLATFORM = 'linux/amd64'

/** What is looked for in an image of the product. */
const CLIENT = '/app/apps/web/build/client/_app'
const MIGRATIONS = '/app/apps/server/migrations'

/** An image, opened: its folder of static files, its migrations, and the name that its pages have for their version. */
export type Opened = AsyncDisposable & { files: string; migrations: Migrations; pages: string }

export async function docker(args: string[], input = ''): Promise<string> {
  const { ok, output } = await runCommand('docker', args, { input })
  if (!ok) throw new NoRelease(`docker ${args.join(' ')} failed:\n${output.trim()}`)
  return output.trim().split('\n').at(-1) ?? ''
}

/** @returns those of the tags that the registry has */
export async function tagsThere({ ecr }: Aws, repository: string, tags: string[]): Promise<Set<string>> {
  const { images = [] } = await ecr.send(
    new BatchGetImageCommand({
      repositoryName: repository.slice(repository.indexOf('/') + 1),
      imageIds: tags.map((imageTag) => ({ imageTag })),
    }),
  )
  return new Set(images.flatMap(({ imageId }) => imageId?.imageTag ?? []))
}

/** Lets docker read and write the registry, for some hours. */
export async function signIn({ ecr }: Aws, run: Docker, repository: string): Promise<void> {
  const { authorizationData: [data] = [] } = await ecr.send(new GetAuthorizationTokenCommand())
  const [username = '', password = ''] = Buffer.from(data?.authorizationToken ?? '', 'base64')
    .toString()
    .split(':')
  const registry = repository.slice(0, repository.indexOf('/'))
  await run(['login', '--username', username, '--password-stdin', registry], password)
}

export async function copyImage(run: Docker, from: string, to: string): Promise<void> {
  await run(['pull', '--quiet', '--platform', PLATFORM, from])
  await run(['tag', from, to])
  await run(['push', '--quiet', to])
}

/** Takes out of an image what is needed of it. Nothing of it runs. */
export async function openImage(run: Docker, image: string): Promise<Opened> {
  await run(['pull', '--quiet', '--platform', PLATFORM, image])
  const container = await run(['create', '--platform', PLATFORM, image])
  await using made = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-image-'))
  made.defer(() => rm(folder, { recursive: true }))
  const [files, migrations] = [join(folder, 'app'), join(folder, 'migrations')]
  try {
    await run(['cp', `${container}:${CLIENT}`, files])
    await run(['cp', `${container}:${MIGRATIONS}`, migrations])
  } finally {
    await run(['rm', container])
  }
  const { version } = JSON.parse(await readFile(join(files, 'version.json'), 'utf8')) as { version: string }
  const opened = { files: join(files, 'immutable'), migrations: await readMigrations(migrations), pages: version }
  const kept = made.move()
  return { ...opened, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

async function readMigrations(folder: string): Promise<Migrations> {
  const names = (await readdir(folder)).filter((file) => /^\d.*\.sql$/.test(file)).sort()
  const texts = names.map(async (file) => [file.slice(0, -'.sql'.length), await readFile(join(folder, file), 'utf8')])
  return new Map((await Promise.all(texts)) as [string, string][])
}

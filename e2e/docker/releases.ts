import { runCommand } from '../../scripts/shared/run-command.ts'
import { buildImage, docker } from './compose.ts'

/** Versions that a roll out meets, made for one run; dispose of them, and the images are gone. */
export type Releases = AsyncDisposable & {
  first: string
  /** the same with one migration more */
  second: string
  /** those that must not come into service, each with what is wrong with it */
  bad: { version: string; because: string }[]
}

const MIGRATION = 'apps/server/migrations/9000_try.sql'

const migration = (up: string) => `COPY <<TEXT ${MIGRATION}
-- Up Migration
-- Why: a roll out brings one. Locks: nothing that exists. Last release: survives, as it knows nothing of it.
-- Going back: loses nothing.
${up}
-- Down Migration
drop table rolled_out;
TEXT`

/** A command of the product, replaced by one that does what it is told here. */
const command = (name: string, start: string) =>
  `COPY <<TEXT apps/server/src/commands/${name}.command.ts\nexport const command = { help: '', start: ${start} }\nTEXT`

/** What is laid over the image of the first version. */
const CHANGES: Record<string, { because: string; layer: string }> = {
  unready: { because: 'its health check never succeeds', layer: command('health', 'async () => 1') },
  broken: { because: 'its migration fails', layer: migration('select 1 / 0;') },
  mute: {
    because: 'it is healthy, and answers nobody',
    layer: [
      command('web', `async () => void (await import('node:http')).createServer(() => undefined).listen(5000)`),
      command('health', 'async () => 0'),
    ].join('\n'),
  },
  lame: { because: 'its worker ends at once', layer: command('worker', 'async () => 1') },
}

/** Builds the image, and all others from it. */
export async function makeReleases(name: string): Promise<Releases> {
  const first = `${name}-first`
  const second = `${name}-second`
  const bad = Object.entries(CHANGES).map(([what, { because }]) => ({ version: `${name}-${what}`, because }))
  await buildImage(first)
  await lay(first, second, migration('create table rolled_out (id int primary key);'))
  for (const [what, { layer }] of Object.entries(CHANGES)) await lay(first, `${name}-${what}`, layer)
  return {
    ...{ first, second, bad },
    [Symbol.asyncDispose]: async () => {
      await docker(
        'image',
        'rm',
        ...[first, second, ...bad.map(({ version }) => version)].map((v) => `slotkeeper:${v}`),
      )
    },
  }
}

async function lay(first: string, version: string, layer: string): Promise<void> {
  const input = `FROM slotkeeper:${first}\nLABEL org.opencontainers.image.version=${version}\n${layer}\n`
  const { ok, output } = await runCommand('docker', ['build', '-q', '-t', `slotkeeper:${version}`, '-'], { input })
  if (!ok) throw new Error(`building ${version} failed:\n${output}`)
}

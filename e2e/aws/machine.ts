import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../apps/server/src/local/free-port.ts'
import { docker, tryRun, type Outcome } from '../containers/harness/command.ts'
import { until } from '../containers/harness/until.ts'
import type { Ground } from './ground.ts'
import type { Deployed } from '../../deploy/aws/test/deployed.ts'

/** Stands for an instance of EC2: its own systemd, cloud-init and Docker, and the roles that the instance has. */
export type Machine = AsyncDisposable & {
  /** the web process, seen from this machine */
  url: string
  /** starts it as another instance with other user data, which cloud-init therefore runs; its disk stays */
  launch: (userData: string) => Promise<void>
  /** stops it and starts it as the same instance; its memory is empty then */
  restart: () => Promise<void>
  /** waits for what CloudFormation is told, and answers it */
  signal: () => Promise<string>
  /** how often CloudFormation was told something */
  signals: () => Promise<number>
  /** runs a script in it */
  shell: (script: string) => Promise<Outcome>
  /** takes the application off, as if it had not been there */
  clear: () => Promise<void>
}

/** So long may a machine take, which has a new image to pull and unpack. */
const START_SECONDS = 480

/** Makes a machine whose disk is empty; `launch` starts it. `secrets` are those that it is given. */
export async function makeMachine(
  image: string,
  { ground, deployed, secrets }: { ground: Ground; deployed: Deployed; secrets: Map<string, string> },
): Promise<Machine> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sk-aws-machine-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  const [aws, seed] = [join(folder, 'aws'), join(folder, 'seed')]
  await mkdir(seed)
  await mkdir(join(aws, 'secrets'), { recursive: true })
  await writeFile(join(aws, 'registry-password'), ground.registry.password)
  await writeFile(join(aws, 'signals'), '')
  for (const [id, secret] of secrets) await writeFile(join(aws, 'secrets', id), secret)
  const needles = [...valuesOf(secrets), ground.registry.password]
  await writeFile(join(aws, 'needles'), `${needles.join('\n')}\n`)

  const container = `${ground.prefix}-machine-${crypto.randomUUID().slice(0, 4)}`
  const port = await findFreePort(20_000 + Math.floor(Math.random() * 20_000), '127.0.0.1')
  const authority = `/etc/docker/certs.d/${deployed.registry}/ca.crt`
  await docker(
    ...[
      'create',
      '--name',
      container,
      '--privileged',
      '--cgroupns',
      'private',
      '--tmpfs',
      '/run',
      '--tmpfs',
      '/run/lock',
    ],
    ...['--dns', ground.resolver, '--publish', `127.0.0.1:${port}:5000`, '--volume', `${aws}:/aws`],
    ...[
      '--volume',
      `${seed}:/var/lib/cloud/seed/nocloud:ro`,
      '--volume',
      `${ground.publicAuthority.caFile}:${authority}:ro`,
    ],
    image,
  )
  stack.defer(async () => {
    await tryRun('docker', ['rm', '--force', '--volumes', container])
  })
  const signalsOf = async () => (await readFile(join(aws, 'signals'), 'utf8')).split('\n').filter((line) => line !== '')
  const shell = (script: string) => tryRun('docker', ['exec', container, 'bash', '-c', script])
  const restart = async () => {
    await docker('restart', '--time', '90', container)
  }
  let instances = 0
  const made = stack.move()
  return {
    ...{ url: `http://127.0.0.1:${port}`, shell, restart },
    launch: async (userData) => {
      instances++
      await writeFile(join(aws, 'signals'), '')
      await writeFile(join(seed, 'user-data'), userData)
      await writeFile(join(seed, 'meta-data'), `instance-id: i-${instances}\n`)
      await restart()
    },
    signal: async () => {
      await until(async () => (await signalsOf()).length > 0, START_SECONDS)
      return (await signalsOf()).at(-1) ?? ''
    },
    signals: async () => (await signalsOf()).length,
    clear: async () => {
      await shell(
        'systemctl disable --now slotkeeper-web slotkeeper-worker; rm -rf /opt/slotkeeper /etc/systemd/system/slotkeeper-*; systemctl daemon-reload',
      )
    },
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  }
}

/** Whatever must not be found anywhere: passwords and keys, without what stands around them. */
function valuesOf(secrets: Map<string, string>): string[] {
  return [...secrets.values()].flatMap((secret) => {
    if (!secret.startsWith('{')) return [secret]
    const { password = '', SECRET_KEY: key = '' } = JSON.parse(secret) as Record<string, string>
    return [password, key].filter((value) => value !== '')
  })
}

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { run } from '../harness/command.ts'
import type { Tools } from '../harness/group.ts'
import { lines, type Installation } from '../harness/installation.ts'
import { addObjectStore, type ObjectStore } from '../harness/object-store.ts'

type Scene = { installation: Installation; book: (count: number) => Promise<string[]>; tools: Tools }

/** Backups that are kept in a second place too, and bring everything back where nothing is. */
export async function offSite(scene: Scene): Promise<void> {
  const { installation, book, tools } = scene
  const { compose, project } = installation
  const { check, figure } = tools
  await using store = await addObjectStore(installation)
  await store.join(project)
  await check('an installation begins to keep its backups elsewhere too', async () => {
    await compose('up', '--detach', '--wait')
    const said = await compose('exec', '-T', 'backup', 'backup', 'now', '--json')
    const made = JSON.parse(said) as { ok: boolean; repositories: { ok: boolean; repository: number }[] }
    assert.deepEqual(
      made.repositories.map(({ ok, repository }) => ({ ok, repository })),
      [1, 2].map((repository) => ({ ok: true, repository })),
    )
    figure({ name: 'docker.backup.off_site_bytes', value: await store.bytes(), unit: 'bytes' })
  })
  await check('the one that is elsewhere can be relied on', async () => {
    const said = await compose('exec', '-T', 'backup', 'backup', 'verify', '--repo', '2', '--json')
    assert.equal((JSON.parse(said) as { ok: boolean }).ok, true)
  })
  await book(5)
  await compose('exec', '-T', 'backup', 'backup', 'check')
  const before = lines(await installation.sql('select id from booking order by id'))
  await check('on a new machine, two secrets and one command bring everything back', async () => {
    await using machine = await moveOut(installation, store)
    await machine.compose('run', '--rm', '-T', 'restore', '--latest', '--repo', '2')
    await machine.compose('up', '--detach', '--wait')
    const there = await machine.compose(
      ...['exec', '-T', '-u', 'postgres', 'db', 'psql', '-XAtqd', 'slotkeeper'],
      ...['-c', 'select id from booking order by id'],
    )
    assert.deepEqual(lines(there), before)
  })
}

type Machine = AsyncDisposable & { compose: (...args: string[]) => Promise<string> }

/** Stops the installation, and begins one under another name with nothing but its settings, passphrase and key. */
async function moveOut(installation: Installation, store: ObjectStore): Promise<Machine> {
  const project = `${installation.project}-new`
  const on = (name: string, args: string[], input?: string) =>
    run('docker', ['compose', '--project-name', name, ...args], {
      cwd: join(installation.folder, 'compose'),
      ...(input !== undefined && { input }),
    })
  const compose = (...args: string[]) => on(project, args)
  const passphrase = await installation.compose('exec', '-T', 'backup', 'cat', '/made/backup/passphrase')
  const key = await installation.compose('exec', '-T', 'app', 'cat', '/made/app/secret_key')
  await store.leave(installation.project)
  await installation.compose('down')
  const keep = (file: string, content: string) =>
    on(project, ['run', '--rm', '-T', '--entrypoint', 'sh', 'first-start', '-c', `cat > ${file}`], content)
  await keep('/made/backup/passphrase', passphrase)
  await keep('/made/app/secret_key', key)
  await compose('create')
  await store.join(project)
  return {
    compose,
    [Symbol.asyncDispose]: async () => {
      await store.leave(project)
      await compose('--profile', '*', 'down', '--volumes', '--timeout', '1')
    },
  }
}

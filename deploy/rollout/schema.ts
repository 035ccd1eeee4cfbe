import { run, type Compose } from './compose.ts'

const FOLDER = 'apps/server/migrations'

/** The migrations that have run, oldest first. */
export async function migrationsOf(compose: Compose): Promise<string[]> {
  const sql = 'select name from schema_migration order by id'
  const psql = ['exec', '-T', '-u', 'postgres', 'db', 'psql', '-XAtd', 'slotkeeper', '-c', sql]
  return (await compose(psql)).split('\n').filter(Boolean)
}

/**
 * The migrations that an image has and the database has not.
 * @throws when the version that runs would not survive one of them
 */
export async function pendingMigrations(compose: Compose, image: string): Promise<string[]> {
  const ran = new Set(await migrationsOf(compose))
  const all = (await inImage(image, 'ls', FOLDER)).split('\n').filter((file) => /^\d.*\.sql$/.test(file))
  const pending = all.map((file) => file.replace(/\.sql$/, '')).filter((name) => !ran.has(name))
  for (const name of pending) {
    if (!/Last release: (survives|there is none)/.test(await textOf(image, name)))
      throw new Error(
        `The version that runs does not survive migration ${name}: read the notes of the release, and close the doors for it.`,
      )
  }
  return pending
}

/**
 * Takes the migrations back that came since, with the image that brought them. Nothing of the version that brought them
 * may run any more.
 * @returns the names of those that were taken back; none when one of them does not say that nothing is lost by it
 */
export async function takeBackSchema(
  compose: Compose,
  { image, since, env }: { image: string; since: string; env: Record<string, string> },
): Promise<string[]> {
  const ran = await migrationsOf(compose)
  const newer = ran.slice(ran.indexOf(since) + 1)
  if (newer.length === 0 || !ran.includes(since)) return []
  for (const name of newer) if (!/Going back: loses nothing/.test(await textOf(image, name))) return []
  await compose(['run', '--rm', '--no-deps', '-T', 'migrate', 'migrate', 'down', String(newer.length)], env)
  return newer
}

/** The head of a migration speaks for it. */
async function textOf(image: string, name: string): Promise<string> {
  return (await inImage(image, 'cat', `${FOLDER}/${name}.sql`)).replaceAll(/\n-- /g, ' ')
}

function inImage(image: string, program: string, argument: string): Promise<string> {
  return run('docker', ['run', '--rm', '--network', 'none', '--entrypoint', program, image, argument])
}

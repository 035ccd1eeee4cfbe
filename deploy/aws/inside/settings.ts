// Runs inside the product's image before it starts, as root: makes files of what Secrets Manager keeps, in the folder /made,
// and lets the product write to /tmp. It is handed over as text, so it imports nothing but Node.js.
import { chmodSync, chownSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** The user as which the image runs. */
const PRODUCT_UID = 1000
const TRIES = 5

const { MADE = '/made', CA_URL, REDIS_HOST, CACHE_PASSWORD, REPLICA_HOST } = process.env

/** The database users whose secrets this task was given, as Secrets Manager has them. */
const users = { database: 'APP_SECRET', database_owner: 'OWNER_SECRET', database_admin: 'ADMIN_SECRET' }
for (const [name, variable] of Object.entries(users)) {
  const secret = process.env[variable]
  if (secret) put(`${name}_url`, databaseUrl(secret))
}
if (REPLICA_HOST && process.env['APP_SECRET'])
  put('database_replica_url', databaseUrl(process.env['APP_SECRET'], REPLICA_HOST))
if (REDIS_HOST && CACHE_PASSWORD) put('redis_url', `rediss://:${encodeURIComponent(CACHE_PASSWORD)}@${REDIS_HOST}:6379`)
for (const [name, value] of Object.entries(JSON.parse(process.env['APPLICATION_SECRET'] ?? '{}') as object))
  put(name.toLowerCase(), String(value))
if (CA_URL) put('database_ca.pem', await fetchText(CA_URL))
chmodSync('/tmp', 0o1777)

function databaseUrl(secret: string, otherHost?: string): string {
  const { username, password, host, port } = JSON.parse(secret) as Record<string, string>
  const credentials = [username, password].map((part) => encodeURIComponent(String(part))).join(':')
  return `postgres://${credentials}@${otherHost ?? host}:${port}/slotkeeper`
}

function put(name: string, content: string): void {
  const file = `${MADE}/${name}`
  writeFileSync(file, content, { mode: 0o400 })
  chownSync(file, PRODUCT_UID, PRODUCT_UID)
}

async function fetchText(url: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
      if (!response.ok) throw new Error(`${url} answers ${response.status}`)
      return await response.text()
    } catch (error) {
      if (attempt === TRIES) throw error
      await pause(attempt * 1_000)
    }
  }
}

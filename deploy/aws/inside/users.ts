// Runs inside the product's image, before migrations: makes the users and the database that the addresses in the folder
// /made name, where they are not there yet. It may run any number of times. It is handed over as text.
import { readFileSync } from 'node:fs'
import pg from 'pg'

const { MADE = '/made', CA_FILE } = process.env
const ssl = CA_FILE ? { ca: readFileSync(CA_FILE, 'utf8') } : false
const [admin, owner, app] = ['database_admin_url', 'database_owner_url', 'database_url'].map(addressIn)
if (!admin || !owner || !app) throw new Error('Three addresses are needed')
const database = app.pathname.slice(1)
const quote = pg.escapeIdentifier

const client = new pg.Client({ connectionString: withDatabase(admin, 'postgres'), ssl })
await client.connect()
try {
  await makeRole('slotkeeper_app', 'nologin')
  await makeRole(owner.username, `login password ${pg.escapeLiteral(decodeURIComponent(owner.password))}`)
  await makeRole(app.username, `login password ${pg.escapeLiteral(decodeURIComponent(app.password))}`)
  await client.query(`grant slotkeeper_app to ${quote(app.username)}`)
  await client.query(`grant slotkeeper_app to ${quote(owner.username)}`)
  // Who makes a database for somebody else must be able to become them (PostgreSQL 16 and newer).
  await client.query(`grant ${quote(owner.username)} to current_user`)
  if (!(await exists('pg_database', 'datname', database)))
    await client.query(`create database ${quote(database)} owner ${quote(owner.username)}`)
  await client.query(`revoke all on database ${quote(database)} from public`)
  await client.query(`grant connect on database ${quote(database)} to slotkeeper_app`)
} finally {
  await client.end()
}

async function makeRole(name: string, options: string): Promise<void> {
  if (!(await exists('pg_roles', 'rolname', name))) await client.query(`create role ${quote(name)} ${options}`)
}

async function exists(table: string, column: string, value: string): Promise<boolean> {
  return (await client.query(`select from ${table} where ${column} = $1`, [value])).rowCount === 1
}

function addressIn(name: string): URL {
  return new URL(readFileSync(`${MADE}/${name}`, 'utf8'))
}

function withDatabase(address: URL, name: string): string {
  return Object.assign(new URL(address), { pathname: `/${name}` }).href
}

import assert from 'node:assert/strict'
import type { Outcome } from '../harness/command.ts'
import type { Group } from '../harness/group.ts'
import { type Installation } from '../harness/installation.ts'

type User = 'slotkeeper_owner' | 'slotkeeper' | 'slotkeeper_readonly' | 'slotkeeper_replication'

/** The file with the password of each. */
const PASSWORDS: Record<User, string> = {
  slotkeeper_owner: 'owner',
  slotkeeper: 'app',
  slotkeeper_readonly: 'readonly',
  slotkeeper_replication: 'replication',
}
const USERS = Object.keys(PASSWORDS) as User[]

/** What each must not do, and what PostgreSQL answers to it. */
const FORBIDDEN: Record<User, string[]> = {
  slotkeeper: [
    'create table booking_copy (id int)',
    'alter table booking disable row level security',
    'alter table booking drop constraint booking_pkey',
    'drop table booking',
    'truncate audit_event',
    'delete from audit_event',
    'create schema mine',
    'create role mine login',
    'set role slotkeeper_owner',
    'set session authorization postgres',
    'select rolpassword from pg_authid',
    "copy booking to program 'cat'",
  ],
  slotkeeper_owner: [
    'create role mine superuser',
    'alter role slotkeeper_owner bypassrls',
    'set role postgres',
    'select rolpassword from pg_authid',
    "copy organization to program 'cat'",
    "select pg_read_file('/etc/passwd')",
    'create database mine',
  ],
  slotkeeper_readonly: [
    'begin read write; delete from booking',
    "begin read write; update organization set name = ''",
    'begin read write; create table mine (id int)',
    'select token from auth.session',
    'set role slotkeeper_app',
    'select rolpassword from pg_authid',
    "copy organization to program 'cat'",
  ],
  slotkeeper_replication: [],
}

export const databaseUsers: Group = {
  name: 'database-users',
  about: 'each user of the database does what it must, and no more',
  async run({ check, installation: start }) {
    const installation = await start()
    const as = (user: User, statement: string, options = '') => connect(installation, { user, statement, options })

    for (const user of USERS) {
      await check(`${user} is let in with TLS and the right password alone`, async () => {
        const plain = await as(user, 'select 1', 'sslmode=disable')
        assert.match(plain.stderr, /no pg_hba.conf entry.*no encryption/s)
        const wrong = await as(user, 'select 1', 'password=wrong')
        assert.notEqual(wrong.code, 0)
      })
      await check(`${user} is no superuser, and makes no databases or users`, async () => {
        const flags = `select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = '${user}'`
        assert.equal((await installation.sql(flags)).trim(), 'f')
      })
      for (const statement of FORBIDDEN[user]) {
        await check(`${user} is refused: ${statement}`, async () => {
          const { code, stderr } = await as(user, statement)
          assert.notEqual(code, 0)
          assert.match(stderr, /permission denied|must be owner|must be superuser|must have the|Only roles with/i)
        })
      }
    }
    await check('the application sees no row of a business that it does not name', async () => {
      await installation.sql(
        `insert into organization (id, name, time_zone, locale, currency) values (gen_random_uuid(), 'Seen', 'UTC', 'en', 'EUR')`,
      )
      const { stdout, stderr } = await as('slotkeeper', 'select count(*) from organization')
      assert.equal(stdout.trim(), '0', stderr)
    })
    await check('people who look see every business', async () => {
      const { stdout } = await as('slotkeeper_readonly', `select distinct name from organization where name = 'Seen'`)
      assert.equal(stdout.trim(), 'Seen')
    })
    await check('who replicates reads no table', async () => {
      const { code } = await as('slotkeeper_replication', 'select 1')
      assert.notEqual(code, 0)
    })
    await check('the superuser cannot come in by network', async () => {
      const { stderr } = await installation.tryCompose(
        ...[
          'exec',
          '-T',
          '-u',
          'postgres',
          '-e',
          'PGPASSWORD=any',
          'db',
          'psql',
          '-h',
          'db',
          '-U',
          'postgres',
          '-c',
          'select 1',
        ],
      )
      assert.match(stderr, /no pg_hba.conf entry/)
    })
  },
}

/** Runs SQL as a user who comes by network, with TLS whose certificate is checked unless options say otherwise. */
function connect(
  installation: Installation,
  { user, statement, options }: { user: User; statement: string; options: string },
): Promise<Outcome> {
  const place = `host=db dbname=slotkeeper user=${user} sslmode=verify-full sslrootcert=/made/database/ca.crt ${options}`
  const script = `PGPASSWORD=$(cat /made/database/${PASSWORDS[user]}) psql -XAtq -v ON_ERROR_STOP=1 "${place}" -c "$1"`
  return installation.tryCompose('exec', '-T', '-u', 'postgres', 'db', 'sh', '-c', script, 'sh', statement)
}

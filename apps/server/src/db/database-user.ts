import type { DatabaseUser } from '../config/safety.ts'
import { withOwner } from './owner.ts'

/** Asks the database what the user of an address may do, before it takes any other role. */
export async function readDatabaseUser(databaseUrl: string): Promise<DatabaseUser> {
  return withOwner(databaseUrl, async (client) => {
    const { rows } = await client.query<DatabaseUser>(READ_USER)
    const [user] = rows
    if (!user) throw new Error('The database does not know the user it was just signed in as')
    return user
  })
}

const READ_USER = `
  select r.rolname as name, r.rolsuper or r.rolbypassrls as "passesRowSecurity",
    r.rolsuper or exists (
      select from pg_class c where c.oid = to_regclass('public.booking') and pg_has_role(r.oid, c.relowner, 'member')
    ) as "ownsSchema"
  from pg_roles r where r.rolname = session_user`

import pg from 'pg'

/**
 * The reference of the booking figure: single inserts into a table with the same exclusion constraint, each committed on
 * its own.
 * @returns inserts a second
 */
export async function measureBareInserts(
  databaseUrl: string,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: clients })
  await pool.query('drop table if exists bench_claim')
  await pool.query(`create table bench_claim (
    organization_id uuid not null, subject_id uuid not null, unit smallint not null, during tstzrange not null,
    exclude using gist (organization_id with =, subject_id with =, unit with =, during with &&))`)
  const organizationId = crypto.randomUUID()
  const subjects = Array.from({ length: 20 }, () => crypto.randomUUID())
  const endMs = performance.now() + seconds * 1000
  let inserted = 0
  const client = async (number: number) => {
    for (let at = number; performance.now() < endMs; at += clients) {
      const start = 1_900_000_000 + Math.floor(at / subjects.length) * 1800
      await pool.query({
        name: 'bare',
        text: 'insert into bench_claim values ($1, $2, 1, tstzrange(to_timestamp($3), to_timestamp($4)))',
        values: [organizationId, subjects[at % subjects.length], start, start + 1800],
      })
      inserted += 1
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  await pool.query('drop table bench_claim')
  await pool.end()
  return inserted / seconds
}

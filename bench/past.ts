import type pg from 'pg'
import { sealAudit } from '../apps/server/src/audit/audit.service.ts'
import { openDatabase } from '../apps/server/src/db/database.ts'

/** What the business has is moved back by this much for each copy, so that no copy meets another. */
const STEP = `interval '91 days'`

/** Remembers what is there, for `addPast` to copy. The session writes rows as they are from now on. */
export async function rememberPresent(owner: pg.Client): Promise<void> {
  // Foreign keys hold by construction; triggers would write what nobody reads.
  await owner.query('set session_replication_role = replica')
  await owner.query('create temporary table original as select id from booking')
}

/**
 * Brings the number of bookings to what is wanted, or a little below: copies in the years before, each with the claims
 * that keep its time, and with a sealed event in the trail.
 * @param owner  a superuser's session that remembers the present
 */
export async function addPast(owner: pg.Client, databaseUrl: string, wanted: number): Promise<void> {
  await owner.query(
    `create temporary table copied as
     with size as (select (select count(*) from original)::int as present, (select count(*) from booking)::int as there)
     select o.id as old, gen_random_uuid() as id, n, n * present + row_number() over (partition by n) as number
     from size, original o, generate_series(there / present, ${wanted} / present - 1) n`,
  )
  await owner.query('analyze copied, booking, claim')
  await copyBookings(owner)
  await owner.query('drop table copied')
  await sealAll(owner, databaseUrl)
}

async function copyBookings(owner: pg.Client): Promise<void> {
  const shifted = (name: string) => `${name} - c.n * ${STEP}`
  await owner.query(
    `insert into booking select (jsonb_populate_record(b, jsonb_build_object('id', c.id,
       'starts_at', ${shifted('b.starts_at')}, 'ends_at', ${shifted('b.ends_at')}, 'bundle_id', null))).*
     from booking b join copied c on c.old = b.id`,
  )
  await owner.query(
    `insert into claim (organization_id, id, subject_id, unit, during, booking_id, before_min, after_min)
     select k.organization_id, gen_random_uuid(), k.subject_id, k.unit,
       tstzrange(${shifted('lower(k.during)')}, ${shifted('upper(k.during)')}), c.id, k.before_min, k.after_min
     from claim k join copied c on c.old = k.booking_id`,
  )
  // Each a minute after the one before: the seal looks back a day from the newest.
  await owner.query(
    `insert into audit_event (organization_id, id, at, actor_kind, action, entity, entity_id)
     select b.organization_id, gen_random_uuid(), date_trunc('second', now()) + c.number * interval '1 minute', 'system', 'booking.created',
       'booking', b.id
     from booking b join copied c on c.id = b.id`,
  )
}

async function sealAll(owner: pg.Client, databaseUrl: string): Promise<void> {
  const { rows } = await owner.query<{ id: string }>('select id from organization')
  const db = await openDatabase({ url: databaseUrl, poolSize: 1, onError: () => undefined })
  try {
    for (const { id } of rows) while ((await sealAudit({ db }, id)) > 0);
  } finally {
    await db.close()
  }
}

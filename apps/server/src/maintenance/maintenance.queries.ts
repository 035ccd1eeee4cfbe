import type { Database } from '../db/database.ts'

export type MaintenanceRow = { reason: string | null; beganAt: Date; expectedEnd: Date | null }

/** The row that says that the installation is closed; undefined while it is open. */
export function findMaintenance({ kysely }: Pick<Database, 'kysely'>): Promise<MaintenanceRow | undefined> {
  return kysely.selectFrom('maintenance').select(['reason', 'beganAt', 'expectedEnd']).executeTakeFirst()
}

/** Closes the installation. One that is closed stays so since when it was; what is told of it is new. */
export async function putMaintenance({ kysely }: Pick<Database, 'kysely'>, row: MaintenanceRow): Promise<void> {
  const { reason, expectedEnd } = row
  await kysely
    .insertInto('maintenance')
    .values(row)
    .onConflict((conflict) => conflict.column('onlyOne').doUpdateSet({ reason, expectedEnd }))
    .execute()
}

/** @returns false when it was open */
export async function deleteMaintenance({ kysely }: Pick<Database, 'kysely'>): Promise<boolean> {
  const { numDeletedRows } = await kysely.deleteFrom('maintenance').executeTakeFirst()
  return numDeletedRows > 0n
}

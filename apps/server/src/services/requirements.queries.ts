import { sql } from 'kysely'
import type { TenantTransaction } from '../db/database.ts'
import type { RequirementRow } from './services.schemas.ts'

/** The requirements of a service, in the order of their positions, with those whom they name. */
export async function listRequirements(
  tx: TenantTransaction,
  organizationId: string,
  serviceId: string,
): Promise<RequirementRow[]> {
  return tx
    .selectFrom('requirement as q')
    .where('q.organizationId', '=', organizationId)
    .where('q.serviceId', '=', serviceId)
    .select([
      'q.position',
      'q.segment',
      sql<RequirementRow['kind']>`q.kind`.as('kind'),
      'q.quantity as count',
      sql<RequirementRow['assign']>`q.assign`.as('assign'),
      'q.fairDays',
      sql<RequirementRow['subjects']>`coalesce((
        select json_agg(json_build_object('id', r.subject_id, 'weight', r.weight, 'priority', r.priority)
          order by p.position, p.name, r.subject_id)
        from requirement_subject r
        left join provider p on p.organization_id = r.organization_id and p.id = r.subject_id
        where r.organization_id = q.organization_id and r.service_id = q.service_id and r.position = q.position), '[]')`.as(
        'subjects',
      ),
    ])
    .orderBy('q.position')
    .execute()
}

/** Replaces all that a service needs. Change the service's own row before, which keeps others from doing so at once. */
export async function replaceRequirements(
  tx: TenantTransaction,
  organizationId: string,
  serviceId: string,
  rows: RequirementRow[],
): Promise<void> {
  await tx
    .deleteFrom('requirement')
    .where('organizationId', '=', organizationId)
    .where('serviceId', '=', serviceId)
    .execute()
  const key = { organizationId, serviceId }
  await tx
    .insertInto('requirement')
    .values(rows.map(({ count, subjects: _subjects, ...row }) => ({ ...key, ...row, quantity: count })))
    .execute()
  await tx
    .insertInto('requirementSubject')
    .values(
      rows.flatMap(({ position, subjects }) =>
        subjects.map(({ id, weight, priority }) => ({ ...key, position, subjectId: id, weight, priority })),
      ),
    )
    .execute()
}

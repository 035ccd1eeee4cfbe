import type { Role } from '../shared/role.ts'
import type { World } from '../../test/world.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Asks the API about the world's business: as a member with the role, or as anybody. */
export async function callerOf(world: World, role?: Role) {
  const signedIn = role ? await world.signIn(role) : {}
  return async (method: Method, path: string, payload?: object, headers: Record<string, string> = {}) => {
    const url = `/api/v1/organizations/${world.slug}${path}`
    const answer = await world.inject({
      method,
      url,
      headers: { ...signedIn, ...headers },
      ...(payload && { payload }),
    })
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() }
  }
}

/** The number that grows with every change of what is offered. */
export async function configVersionOf(world: World): Promise<number> {
  const [row] = await world.sql<{ config_version: string }>('select config_version from organization where id = $1', [
    world.organizationId,
  ])
  return Number(row?.config_version)
}

/** The actions that the audit trail tells about one thing, oldest first. */
export async function actionsOn(world: World, entityId: string): Promise<string[]> {
  const rows = await world.sql<{ action: string }>('select action from audit_event where entity_id = $1 order by id', [
    entityId,
  ])
  return rows.map(({ action }) => action)
}

/** The fields that a refusal names. */
export function fieldsOf(body: { errors?: { field: string }[] }): string[] {
  return (body.errors ?? []).map(({ field }) => field)
}

import { expect, test } from 'vitest'
import { roleReaches, type Role } from './role.ts'

test('each role has all the rights of those before it, and none of those after', () => {
  const roles: Role[] = ['viewer', 'provider', 'manager', 'admin', 'owner']
  for (const [rank, role] of roles.entries()) {
    expect(roles.filter((minimum) => roleReaches(role, minimum))).toEqual(roles.slice(0, rank + 1))
  }
})

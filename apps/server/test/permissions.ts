import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whoever may call an operation, as the table names them: people, then keys. */
export const CALLERS = [
  ...(['nobody', 'outsider', 'owner', 'admin', 'manager', 'provider', 'viewer'] as const),
  ...(['k:read', 'k:book', 'k:setup', 'k:other', 'k:old'] as const),
] as const
export type Caller = (typeof CALLERS)[number]

/** A line of the table: what each caller gets for a request. */
export type Permission = {
  /** the operation, and what is special about the request when something is */
  name: string
  operationId: string
  statuses: Record<Caller, number>
}

/**
 * Reads `permissions.txt`.
 * @throws when a line is not in order
 */
export function readPermissions(): Permission[] {
  const text = readFileSync(join(import.meta.dirname, 'permissions.txt'), 'utf8')
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  if (head.split(/\s+/).join() !== ['operation', ...CALLERS].join()) throw new Error(`The columns are others: ${head}`)
  return lines.map(readLine)
}

function readLine(line: string): Permission {
  const [, name = '', numbers = ''] = /^(.+?)((?: +\d{3})+)$/.exec(line) ?? []
  const told = numbers.trim().split(/ +/).map(Number)
  if (told.length !== CALLERS.length) throw new Error(`Not a name and ${CALLERS.length} statuses: ${line}`)
  const statuses = Object.fromEntries(CALLERS.map((caller, index) => [caller, told[index]]))
  const [operationId = ''] = name.split(':')
  return { name, operationId, statuses: statuses as Permission['statuses'] }
}

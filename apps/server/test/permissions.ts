import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whoever may call an operation, as the table names them. */
export const CALLERS = ['nobody', 'outsider', 'owner', 'admin', 'manager', 'provider', 'viewer'] as const
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
  const [nobody = 0, outsider = 0, owner = 0, admin = 0, manager = 0, provider = 0, viewer = 0, ...more] = numbers
    .trim()
    .split(/ +/)
    .map(Number)
  if (viewer === 0 || more.length > 0) throw new Error(`Not a name and ${CALLERS.length} statuses: ${line}`)
  const [operationId = ''] = name.split(':')
  return { name, operationId, statuses: { nobody, outsider, owner, admin, manager, provider, viewer } }
}

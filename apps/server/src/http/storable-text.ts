import type { FastifyInstance } from 'fastify'
import { invalidField } from '../shared/app-error.ts'

/** Refuses text that PostgreSQL cannot keep, wherever in a request it stands: a zero, or half of a surrogate pair. */
export function refuseUnstorableText(app: FastifyInstance): void {
  // After validation: the schemas bound how deep and how large what is walked can be.
  app.addHook('preHandler', (request, _reply, done) => {
    const field = firstUnstorable(request.params) ?? firstUnstorable(request.query) ?? firstUnstorable(request.body)
    done(field === undefined ? undefined : invalidField(field, 'This text has a character that cannot be kept.'))
  })
}

/** The path to the first text, as value or name, that cannot be kept; empty for the value itself. */
function firstUnstorable(value: unknown): string | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : ''
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, part] of Object.entries(value)) {
    const inner = isStorable(name) ? firstUnstorable(part) : ''
    if (inner !== undefined) return inner === '' ? name : `${name}.${inner}`
  }
  return undefined
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

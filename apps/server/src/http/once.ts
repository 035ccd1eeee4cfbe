import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../shared/actor.ts'
import type { Once } from '../shared/once.ts'

/** The Idempotency-Key of a request, with a hash of all that must be the same when it comes again. */
export function onceOf(
  request: Pick<FastifyRequest, 'headers' | 'method' | 'url' | 'body' | 'arrivedMs'> & { actor: Actor },
): Once | undefined {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return undefined
  const who = whoOf(request.actor)
  const what = JSON.stringify([request.method, request.url, who, request.body ?? null])
  return { key, requestHash: createHash('sha256').update(what).digest(), atMs: request.arrivedMs }
}

function whoOf(actor: Actor): string {
  if (actor.kind === 'anonymous') return ''
  return actor.kind === 'key' ? actor.keyId : actor.userId
}

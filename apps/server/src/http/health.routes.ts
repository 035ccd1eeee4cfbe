import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Database } from '../db/database.ts'
import { isReachable } from '../db/health.ts'
import type { MaintenanceWatch } from '../maintenance/maintenance.service.ts'

const Check = Type.Union([
  Type.Literal('ok'),
  Type.Literal('failing'),
  Type.Literal('draining'),
  Type.Literal('behind'),
])
const Health = Type.Object({
  status: Check,
  checks: Type.Record(Type.String(), Check),
  maintenance: Type.Optional(Type.Literal(true)),
})

/** Whether this process is about to end: it then still answers, but wants no new visitors. */
export type Draining = { draining: boolean }

type HealthDeps = { db: Database; state: Draining; maintenance: MaintenanceWatch }

/**
 * `/health` says that the process lives, and how its parts are; `/health/ready` whether to send it visitors. A replica
 * that is behind or gone is told, and is no reason to send nobody: the primary answers in its place. Nor is it one
 * that the installation is closed: whoever comes is told so by this process.
 */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthDeps> = async (app, { db, state, maintenance }) => {
  const config = { access: 'public', scope: 'none', rateLimit: false } as const
  const health = async () => {
    const database = (await isReachable(db)) ? ('ok' as const) : ('failing' as const)
    const process = state.draining ? ('draining' as const) : ('ok' as const)
    const copy = db.replica && { replica: db.replica.state }
    const closed = (await maintenance.current()) && { maintenance: true as const }
    return { status: database === 'ok' ? process : database, checks: { database, process, ...copy }, ...closed }
  }
  app.get('/health', { config, schema: { hide: true, response: { 200: Health } } }, health)
  app.get(
    '/health/ready',
    { config, schema: { hide: true, response: { 200: Health, 503: Health } } },
    async (_request, reply) => {
      const answer = await health()
      return reply.code(answer.status === 'ok' ? 200 : 503).send(answer)
    },
  )
}

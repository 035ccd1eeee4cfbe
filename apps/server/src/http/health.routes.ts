import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Database } from '../db/database.ts'
import { isReachable } from '../db/health.ts'

const Check = Type.Union([Type.Literal('ok'), Type.Literal('failing'), Type.Literal('draining')])
const Health = Type.Object({ status: Check, checks: Type.Record(Type.String(), Check) })

/** Whether this process is about to end: it then still answers, but wants no new visitors. */
export type Draining = { draining: boolean }

/** `/health` says that the process lives, and how its parts are; `/health/ready` whether to send it visitors. */
export const healthRoutes: FastifyPluginAsyncTypebox<{ db: Database; state: Draining }> = async (
  app,
  { db, state },
) => {
  const config = { access: 'public', rateLimit: false } as const
  const health = async () => {
    const database = (await isReachable(db)) ? ('ok' as const) : ('failing' as const)
    const process = state.draining ? ('draining' as const) : ('ok' as const)
    return { status: database === 'ok' ? process : database, checks: { database, process } }
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

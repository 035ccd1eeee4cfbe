import type { FastifyInstance, FastifyRequest } from 'fastify'
import { underMaintenance } from '../maintenance/maintenance.errors.ts'
import type { MaintenanceWatch } from '../maintenance/maintenance.service.ts'

/**
 * Answers everything that is asked of the API with 503 while the installation is closed. The health of the process is told
 * all the same, and pages say it in their own way.
 */
export function closeForMaintenance(app: FastifyInstance, maintenance: MaintenanceWatch): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isOfApi(request)) return
    const closed = await maintenance.current()
    if (!closed) return
    reply.header('retry-after', maintenance.waitS(closed))
    throw underMaintenance(closed.reason)
  })
}

function isOfApi({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return url.startsWith('/api/') && url !== '/api/docs'
}

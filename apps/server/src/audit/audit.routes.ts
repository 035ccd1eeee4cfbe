import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Database } from '../db/database.ts'
import { OrganizationParams, pageOf, problemResponses } from '../shared/schemas.ts'
import { AuditEventView, AuditQuery } from './audit.schemas.ts'
import { listAuditEvents } from './audit.service.ts'

export const auditRoutes: FastifyPluginAsyncTypebox<{ db: Database }> = async (app, deps) => {
  app.get(
    '/organizations/:organization/audit-events',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listAuditEvents',
        summary: 'List changes, newest first',
        tags: ['Audit'],
        security: [{ session: [] }],
        params: OrganizationParams,
        querystring: AuditQuery,
        response: { 200: pageOf(AuditEventView), ...problemResponses },
      },
    },
    (request) => listAuditEvents(deps, request.organizationId, request.query),
  )
}

import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Database } from '../db/database.ts'
import { OrganizationParams, pageOf, problemResponses } from '../shared/schemas.ts'
import { AuditEventView, AuditQuery, AuditRange } from './audit.schemas.ts'
import { listAuditEvents } from './audit.service.ts'
import { exportAudit, rangeOf } from './export.service.ts'

/** Text that is sent as it is read. */
const Lines = Type.Unsafe<Readable>(Type.String())

export const auditRoutes: FastifyPluginAsyncTypebox<{ db: Database }> = async (app, deps) => {
  app.get(
    '/organizations/:organization/audit-events',
    {
      config: { access: 'admin', scope: 'none' },
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
  app.get(
    '/organizations/:organization/audit-events/export',
    {
      config: { access: 'owner', scope: 'none' },
      schema: {
        operationId: 'exportAuditEvents',
        summary: 'Export changes, oldest first, with what it takes to check them',
        description:
          'JSON Lines: where the sealed chain begins, each change with its position and hash, and the end. What lies between the first and the last change of the time in the chain comes along.',
        tags: ['Audit'],
        security: [{ session: [] }],
        params: OrganizationParams,
        querystring: AuditRange,
        response: {
          200: { description: 'JSON Lines', content: { 'application/x-ndjson': { schema: Lines } } },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { organizationId, query } = request
      const lines = exportAudit(deps, organizationId, rangeOf(query))
      return reply
        .type('application/x-ndjson')
        .header('content-disposition', 'attachment; filename="audit.jsonl"')
        .send(Readable.from(lines))
    },
  )
}

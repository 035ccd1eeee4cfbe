import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { onceOf } from '../http/once.ts'
import { EntityParams, IdempotencyHeaders, OrganizationParams, pageOf, problemResponses } from '../shared/schemas.ts'
import { MessageQuery, MessageView } from './notifications.schemas.ts'
import { listMessages, resendMessage, type LedgerDeps } from './notifications.service.ts'

const tags = ['Messages']
const security = [{ session: [] }]

export const messageRoutes: FastifyPluginAsyncTypebox<LedgerDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/messages',
    {
      config: { access: 'viewer', scope: 'read' },
      schema: {
        operationId: 'listMessages',
        summary: 'List messages',
        description: 'Everything sent out, newest first, with its state.',
        ...{ tags, security, params: OrganizationParams, querystring: MessageQuery },
        response: { 200: pageOf(MessageView), ...problemResponses },
      },
    },
    (request) => listMessages(deps, request.organizationId, request.query),
  )
  app.post(
    '/organizations/:organization/messages/:id/resend',
    {
      config: { access: 'manager', scope: 'bookings:write' },
      schema: {
        operationId: 'resendMessage',
        summary: 'Send a message once more',
        ...{ tags, security, params: EntityParams, headers: IdempotencyHeaders },
        response: { 202: MessageView, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { organizationId, actor, params } = request
      const message = await resendMessage(deps, organizationId, { id: params.id, actor, once: onceOf(request) })
      return reply.code(202).send(message)
    },
  )
}

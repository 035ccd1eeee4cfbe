import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { onceOf } from '../http/once.ts'
import { EntityParams, IdempotencyHeaders, OrganizationParams, pageOf, problemResponses } from '../shared/schemas.ts'
import { ApiKeyCreate, ApiKeyCreated, ApiKeyQuery, ApiKeyView } from './api-keys.schemas.ts'
import { createApiKey, listApiKeys, revokeApiKey, type ApiKeyDeps } from './api-keys.service.ts'

/** A key never makes, sees or ends keys. */
const config = { access: 'admin', scope: 'none' } as const
const tags = ['API keys']

export const apiKeyRoutes: FastifyPluginAsyncTypebox<ApiKeyDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/api-keys',
    {
      config,
      schema: {
        operationId: 'listApiKeys',
        summary: 'List API keys, newest first',
        ...{ tags, params: OrganizationParams, querystring: ApiKeyQuery },
        response: { 200: pageOf(ApiKeyView), ...problemResponses },
      },
    },
    ({ organizationId, query }) => listApiKeys(deps, organizationId, query),
  )
  app.post(
    '/organizations/:organization/api-keys',
    {
      config,
      schema: {
        operationId: 'createApiKey',
        summary: 'Make an API key',
        description: 'The answer is the only place in which the key stands: keep it.',
        ...{ tags, params: OrganizationParams, headers: IdempotencyHeaders, body: ApiKeyCreate },
        response: { 201: ApiKeyCreated, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      const created = await createApiKey(deps, organizationId, { actor, once: onceOf(request), body })
      return reply.code(201).send(created)
    },
  )
  app.delete(
    '/organizations/:organization/api-keys/:id',
    {
      config,
      schema: {
        operationId: 'revokeApiKey',
        summary: 'Revoke an API key',
        ...{ tags, params: EntityParams },
        response: { 204: Type.Null(), ...problemResponses },
      },
    },
    async ({ organizationId, actor, params }, reply) => {
      await revokeApiKey(deps, organizationId, { actor, id: params.id })
      return reply.code(204).send(null)
    },
  )
}

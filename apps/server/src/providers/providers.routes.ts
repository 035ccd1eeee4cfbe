import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { onceOf } from '../http/once.ts'
import {
  closed,
  EntityParams,
  IdempotencyHeaders,
  OrganizationParams,
  pageOf,
  PageQuery,
  problemResponses,
} from '../shared/schemas.ts'
import { ProviderCreate, ProviderPatch, ProviderView } from './providers.schemas.ts'
import { createProvider, listProviders, updateProvider, type ProviderDeps } from './providers.service.ts'

const tags = ['Providers']
const security = [{ session: [] }]

const list = {
  operationId: 'listProviders',
  summary: 'List providers',
  tags,
  security,
  params: OrganizationParams,
  querystring: Type.Object(PageQuery, closed),
  response: { 200: pageOf(ProviderView), ...problemResponses },
}

const create = {
  operationId: 'createProvider',
  summary: 'Add a provider',
  tags,
  security,
  params: OrganizationParams,
  headers: IdempotencyHeaders,
  body: ProviderCreate,
  response: { 201: ProviderView, ...problemResponses },
}

const update = {
  operationId: 'updateProvider',
  summary: 'Change a provider',
  tags,
  security,
  params: EntityParams,
  body: ProviderPatch,
  response: { 200: ProviderView, ...problemResponses },
}

export const providerRoutes: FastifyPluginAsyncTypebox<ProviderDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/providers',
    { schema: list, config: { access: 'viewer' } },
    ({ organizationId, query }) => listProviders(deps, organizationId, query),
  )
  app.post(
    '/organizations/:organization/providers',
    { schema: create, config: { access: 'manager' } },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      const provider = await createProvider(deps, organizationId, { actor, once: onceOf(request), body })
      return reply.code(201).send(provider)
    },
  )
  app.patch(
    '/organizations/:organization/providers/:id',
    { schema: update, config: { access: 'manager' } },
    ({ organizationId, actor, params, body }) =>
      updateProvider(deps, organizationId, { actor, id: params.id, changes: body }),
  )
}

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
import { ResourceCreate, ResourcePatch, ResourceView } from './resources.schemas.ts'
import { createResource, listResources, updateResource, type ResourceDeps } from './resources.service.ts'

const tags = ['Resources']
const security = [{ session: [] }]

const list = {
  operationId: 'listResources',
  summary: 'List resources',
  tags,
  security,
  params: OrganizationParams,
  querystring: Type.Object(PageQuery, closed),
  response: { 200: pageOf(ResourceView), ...problemResponses },
}

const create = {
  operationId: 'createResource',
  summary: 'Add a resource',
  tags,
  security,
  params: OrganizationParams,
  headers: IdempotencyHeaders,
  body: ResourceCreate,
  response: { 201: ResourceView, ...problemResponses },
}

const update = {
  operationId: 'updateResource',
  summary: 'Change a resource',
  tags,
  security,
  params: EntityParams,
  body: ResourcePatch,
  response: { 200: ResourceView, ...problemResponses },
}

export const resourceRoutes: FastifyPluginAsyncTypebox<ResourceDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/resources',
    { schema: list, config: { access: 'viewer' } },
    ({ organizationId, query }) => listResources(deps, organizationId, query),
  )
  app.post(
    '/organizations/:organization/resources',
    { schema: create, config: { access: 'manager' } },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      const resource = await createResource(deps, organizationId, { actor, once: onceOf(request), body })
      return reply.code(201).send(resource)
    },
  )
  app.patch(
    '/organizations/:organization/resources/:id',
    { schema: update, config: { access: 'manager' } },
    ({ organizationId, actor, params, body }) =>
      updateResource(deps, organizationId, { actor, id: params.id, changes: body }),
  )
}

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { managed } from '../http/managed.ts'
import { onceOf } from '../http/once.ts'
import { ResourceCreate, ResourcePatch, ResourceView } from './resources.schemas.ts'
import { createResource, listResources, updateResource, type ResourceDeps } from './resources.service.ts'

const { list, create, update } = managed({
  name: 'Resource',
  view: ResourceView,
  create: ResourceCreate,
  patch: ResourcePatch,
})

export const resourceRoutes: FastifyPluginAsyncTypebox<ResourceDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/resources',
    { schema: list, config: { access: 'viewer', scope: 'read' } },
    ({ organizationId, query }) => listResources(deps, organizationId, query),
  )
  app.post(
    '/organizations/:organization/resources',
    { schema: create, config: { access: 'manager', scope: 'setup:write' } },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      const resource = await createResource(deps, organizationId, { actor, once: onceOf(request), body })
      return reply.code(201).send(resource)
    },
  )
  app.patch(
    '/organizations/:organization/resources/:id',
    { schema: update, config: { access: 'manager', scope: 'setup:write' } },
    ({ organizationId, actor, params, body }) =>
      updateResource(deps, organizationId, { actor, id: params.id, changes: body }),
  )
}

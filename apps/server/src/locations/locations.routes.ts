import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { managed } from '../http/managed.ts'
import { onceOf } from '../http/once.ts'
import { LocationCreate, LocationPatch, LocationView } from './locations.schemas.ts'
import { createLocation, listLocations, updateLocation, type LocationDeps } from './locations.service.ts'

const { list, create, update } = managed({
  name: 'Location',
  view: LocationView,
  create: LocationCreate,
  patch: LocationPatch,
})

export const locationRoutes: FastifyPluginAsyncTypebox<LocationDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/locations',
    { schema: list, config: { access: 'viewer', scope: 'read' } },
    ({ organizationId, query }) => listLocations(deps, organizationId, query),
  )
  app.post(
    '/organizations/:organization/locations',
    { schema: create, config: { access: 'manager', scope: 'setup:write' } },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      const location = await createLocation(deps, organizationId, { actor, once: onceOf(request), body })
      return reply.code(201).send(location)
    },
  )
  app.patch(
    '/organizations/:organization/locations/:id',
    { schema: update, config: { access: 'manager', scope: 'setup:write' } },
    ({ organizationId, actor, params, body }) =>
      updateLocation(deps, organizationId, { actor, id: params.id, changes: body }),
  )
}

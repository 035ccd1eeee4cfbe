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
import { LocationCreate, LocationPatch, LocationView } from './locations.schemas.ts'
import { createLocation, listLocations, updateLocation, type LocationDeps } from './locations.service.ts'

const tags = ['Locations']
const security = [{ session: [] }]

const list = {
  operationId: 'listLocations',
  summary: 'List locations',
  tags,
  security,
  params: OrganizationParams,
  querystring: Type.Object(PageQuery, closed),
  response: { 200: pageOf(LocationView), ...problemResponses },
}

const create = {
  operationId: 'createLocation',
  summary: 'Add a location',
  tags,
  security,
  params: OrganizationParams,
  headers: IdempotencyHeaders,
  body: LocationCreate,
  response: { 201: LocationView, ...problemResponses },
}

const update = {
  operationId: 'updateLocation',
  summary: 'Change a location',
  tags,
  security,
  params: EntityParams,
  body: LocationPatch,
  response: { 200: LocationView, ...problemResponses },
}

export const locationRoutes: FastifyPluginAsyncTypebox<LocationDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/locations',
    { schema: list, config: { access: 'viewer' } },
    ({ organizationId, query }) => listLocations(deps, organizationId, query),
  )
  app.post(
    '/organizations/:organization/locations',
    { schema: create, config: { access: 'manager' } },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      const location = await createLocation(deps, organizationId, { actor, once: onceOf(request), body })
      return reply.code(201).send(location)
    },
  )
  app.patch(
    '/organizations/:organization/locations/:id',
    { schema: update, config: { access: 'manager' } },
    ({ organizationId, actor, params, body }) =>
      updateLocation(deps, organizationId, { actor, id: params.id, changes: body }),
  )
}

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { onceOf } from '../http/once.ts'
import { IdempotencyHeaders, OrganizationParams, pageOf, problemResponses } from '../shared/schemas.ts'
import { getRequirements, putRequirements } from './requirements.service.ts'
import {
  RequirementsView,
  ServiceCreate,
  ServiceIdParams,
  ServiceParams,
  ServicePatch,
  ServicesQuery,
  ServiceView,
} from './services.schemas.ts'
import {
  archiveService,
  createService,
  getService,
  listServices,
  updateService,
  type ServiceDeps,
} from './services.service.ts'

const tags = ['Services']
const security = [{ session: [] }]

const list = {
  operationId: 'listServices',
  summary: 'List services',
  tags,
  params: OrganizationParams,
  querystring: ServicesQuery,
  response: { 200: pageOf(ServiceView), ...problemResponses },
}

const get = {
  operationId: 'getService',
  summary: 'Read a service',
  tags,
  params: ServiceParams,
  response: { 200: ServiceView, ...problemResponses },
}

const create = {
  operationId: 'createService',
  summary: 'Add a service',
  tags,
  security,
  params: OrganizationParams,
  headers: IdempotencyHeaders,
  body: ServiceCreate,
  response: { 201: ServiceView, ...problemResponses },
}

const update = {
  operationId: 'updateService',
  summary: 'Change a service',
  tags,
  security,
  params: ServiceIdParams,
  body: ServicePatch,
  response: { 200: ServiceView, ...problemResponses },
}

const archive = {
  operationId: 'deleteService',
  summary: 'Offer a service no longer',
  description: 'Bookings made so far stay.',
  tags,
  security,
  params: ServiceIdParams,
  response: { 204: Type.Null({ description: 'The service is no longer offered.' }), ...problemResponses },
}

const getNeeds = {
  operationId: 'getRequirements',
  summary: 'Read what a service needs',
  description: 'Who and what an appointment needs at once, segment by segment.',
  tags,
  security,
  params: ServiceIdParams,
  response: { 200: RequirementsView, ...problemResponses },
}

const putNeeds = {
  operationId: 'putRequirements',
  summary: 'Change what a service needs',
  description: 'Replaces all of it. With several segments, the service lasts as long as they do together.',
  tags,
  security,
  params: ServiceIdParams,
  body: RequirementsView,
  response: { 200: RequirementsView, ...problemResponses },
}

export const serviceRoutes: FastifyPluginAsyncTypebox<ServiceDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/services',
    { schema: list, config: { access: 'public', scope: 'read' } },
    ({ organizationId, actor, query }) => listServices(deps, organizationId, { actor, query }),
  )
  app.get(
    '/organizations/:organization/services/:service',
    { schema: get, config: { access: 'public', scope: 'read' } },
    ({ organizationId, params }) => getService(deps, organizationId, params.service),
  )
  app.post(
    '/organizations/:organization/services',
    { schema: create, config: { access: 'manager', scope: 'setup:write' } },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      const service = await createService(deps, organizationId, { actor, once: onceOf(request), body })
      return reply.code(201).send(service)
    },
  )
  app.patch(
    '/organizations/:organization/services/:service',
    { schema: update, config: { access: 'manager', scope: 'setup:write' } },
    ({ organizationId, actor, params, body }) =>
      updateService(deps, organizationId, { actor, id: params.service, patch: body }),
  )
  app.get(
    '/organizations/:organization/services/:service/requirements',
    { schema: getNeeds, config: { access: 'manager', scope: 'read' } },
    ({ organizationId, params }) => getRequirements(deps, organizationId, params.service),
  )
  app.put(
    '/organizations/:organization/services/:service/requirements',
    { schema: putNeeds, config: { access: 'manager', scope: 'setup:write' } },
    ({ organizationId, actor, params, body }) =>
      putRequirements(deps, organizationId, { actor, id: params.service, body }),
  )
  app.delete(
    '/organizations/:organization/services/:service',
    { schema: archive, config: { access: 'manager', scope: 'setup:write' } },
    async ({ organizationId, actor, params }, reply) => {
      await archiveService(deps, organizationId, { actor, id: params.service })
      return reply.code(204).send(null)
    },
  )
}

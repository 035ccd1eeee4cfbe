import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { onceOf } from '../http/once.ts'
import { addOwner } from '../members/members.service.ts'
import { AppError } from '../shared/app-error.ts'
import { IdempotencyHeaders, OrganizationParams, problemResponses } from '../shared/schemas.ts'
import { OrganizationCreate, OrganizationPatch, OrganizationView } from './organizations.schemas.ts'
import {
  createOrganization,
  getOrganization,
  updateOrganization,
  type OrganizationDeps,
} from './organizations.service.ts'

const tags = ['Organizations']
const security = [{ session: [] }]

export const organizationRoutes: FastifyPluginAsyncTypebox<OrganizationDeps> = async (app, deps) => {
  const response = { 200: OrganizationView, ...problemResponses }
  app.get(
    '/organizations/:organization',
    {
      config: { access: 'public', scope: 'read' },
      schema: {
        operationId: 'getOrganization',
        summary: 'Read an organization',
        tags,
        params: OrganizationParams,
        response,
      },
    },
    (request) => getOrganization(deps, request.organizationId),
  )
  app.post(
    '/organizations',
    {
      config: { access: 'user', scope: 'none' },
      schema: {
        operationId: 'createOrganization',
        summary: 'Set up an organization',
        description: 'Whoever is signed in becomes its owner.',
        ...{ tags, security, headers: IdempotencyHeaders, body: OrganizationCreate },
        response: { 201: OrganizationView, ...problemResponses },
      },
    },
    async (request, reply) => {
      if (!('userId' in request.actor)) throw new AppError('auth.required', 'Sign in to do this.')
      const { userId } = request.actor
      const created = await createOrganization(deps, { userId, once: onceOf(request), body: request.body }, addOwner)
      return reply.code(201).send(created)
    },
  )
  app.patch(
    '/organizations/:organization',
    {
      config: { access: 'admin', scope: 'none' },
      schema: {
        operationId: 'updateOrganization',
        summary: 'Change an organization',
        ...{ tags, security, params: OrganizationParams, body: OrganizationPatch, response },
      },
    },
    ({ organizationId, actor, body }) => updateOrganization(deps, organizationId, { actor, body }),
  )
}

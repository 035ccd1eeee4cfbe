import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { onceOf } from '../http/once.ts'
import { roleOf } from '../shared/actor.ts'
import { EntityParams, IdempotencyHeaders, OrganizationParams, problemResponses } from '../shared/schemas.ts'
import { HoldCreate, HoldDetail, HoldView } from './bookings.schemas.ts'
import { releaseHold, type BookingDeps } from './bookings.service.ts'
import { extendHold, hold, readHold } from './holds.service.ts'

const tags = ['Bookings']

/** Times that are kept for a few minutes, for everybody. */
export const holdRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  app.post(
    '/organizations/:organization/holds',
    {
      config: { access: 'public', scope: 'bookings:write' },
      schema: {
        operationId: 'createHold',
        summary: 'Hold a free time',
        description:
          'Claims the time for five minutes. Give the id with the booking. Visitors may hold ten times of a business at once; more are refused with 429.',
        ...{ tags, params: OrganizationParams, headers: IdempotencyHeaders, body: HoldCreate },
        response: { 201: HoldView, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { actor, body, ip } = request
      const address = roleOf(actor) === undefined ? ip : undefined
      const holding = { request: body, address, once: onceOf(request) }
      return reply.code(201).send(await hold(deps, request.organizationId, holding))
    },
  )
  app.get(
    '/organizations/:organization/holds/:id',
    {
      config: { access: 'public', scope: 'read' },
      schema: {
        operationId: 'getHold',
        summary: 'See whether a hold is still good',
        description: 'Answers 404 once it has run out, was booked, or was released.',
        ...{ tags, params: EntityParams },
        response: { 200: HoldDetail, ...problemResponses },
      },
    },
    (request) => readHold(deps, request.organizationId, request.params.id),
  )
  app.post(
    '/organizations/:organization/holds/:id/extend',
    {
      config: { access: 'public', scope: 'bookings:write' },
      schema: {
        operationId: 'extendHold',
        summary: 'Hold a time for longer',
        description: 'Gives a hold that is still good five minutes from now on. Once, be it for a form or a payment.',
        ...{ tags, params: EntityParams, headers: IdempotencyHeaders },
        response: { 200: HoldView, ...problemResponses },
      },
    },
    (request) => extendHold(deps, request.organizationId, { id: request.params.id, once: onceOf(request) }),
  )
  app.delete(
    '/organizations/:organization/holds/:id',
    {
      config: { access: 'public', scope: 'bookings:write' },
      schema: {
        operationId: 'releaseHold',
        summary: 'Release a hold',
        ...{ tags, params: EntityParams },
        response: { 204: Type.Null({ description: 'It is released.' }), ...problemResponses },
      },
    },
    async (request, reply) => {
      await releaseHold(deps, request.organizationId, request.params.id)
      return reply.code(204).send(null)
    },
  )
}

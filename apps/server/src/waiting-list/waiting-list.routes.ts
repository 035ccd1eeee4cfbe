import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { onceOf } from '../http/once.ts'
import { EntityParams, IdempotencyHeaders, OrganizationParams, pageOf, problemResponses } from '../shared/schemas.ts'
import { takeOffer } from './take.service.ts'
import {
  EarlierCreate,
  WishCreate,
  WishCreated,
  WishDetail,
  WishLinkQuery,
  WishListQuery,
  WishParams,
  WishTake,
  WishTaken,
  WishView,
} from './waiting-list.schemas.ts'
import {
  createWish,
  declineOffer,
  listWishes,
  readByWishLink,
  wishEarlier,
  withdrawByLink,
  withdrawForMember,
  type WaitingDeps,
} from './waiting-list.service.ts'

const tags = ['Waiting list']
const headers = IdempotencyHeaders

const joinRoutes: FastifyPluginAsyncTypebox<WaitingDeps> = async (app, deps) => {
  const response = { 201: WishCreated, ...problemResponses }
  app.post(
    '/organizations/:organization/wishes',
    {
      config: { access: 'public', scope: 'bookings:write' },
      schema: {
        operationId: 'createWish',
        summary: 'Wait for a time to free up',
        description:
          'As soon as a time frees up that suits, it is held and offered by mail: to whoever has waited longest first.',
        ...{ tags, headers, params: OrganizationParams, body: WishCreate, response },
      },
    },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      return reply.code(201).send(await createWish(deps, organizationId, { actor, once: onceOf(request), body }))
    },
  )
  app.post(
    '/bookings/:id/earlier',
    {
      config: { access: 'link', scope: 'none' },
      schema: {
        operationId: 'wishEarlier',
        summary: 'Ask for an earlier time for a booking',
        description: 'The booking stays as it is until an offer is taken; then it moves.',
        ...{ tags, headers, params: WishParams, querystring: WishLinkQuery, body: EarlierCreate, response },
      },
    },
    async (request, reply) => {
      const { actor, body, params, query } = request
      const asked = { bookingId: params.id, token: query.token, actor, once: onceOf(request), body }
      return reply.code(201).send(await wishEarlier(deps, asked))
    },
  )
}

const linkRoutes: FastifyPluginAsyncTypebox<WaitingDeps> = async (app, deps) => {
  const config = { access: 'link', scope: 'none' } as const
  const common = { tags, params: WishParams, querystring: WishLinkQuery }
  const response = { 200: WishView, ...problemResponses }
  app.get(
    '/wishes/:id',
    { config, schema: { operationId: 'getWish', summary: 'See a wish and what is offered', ...common, response } },
    (request) => readByWishLink(deps, request.params.id, request.query.token),
  )
  app.post(
    '/wishes/:id/take',
    {
      config,
      schema: {
        operationId: 'takeOffer',
        summary: 'Take the time that is offered',
        description: 'Books it, or moves the booking that was to be earlier. Sent again, it answers the same.',
        ...{ ...common, headers, body: WishTake },
        response: { 200: WishTaken, ...problemResponses },
      },
    },
    (request) => {
      const { actor, body, params, query } = request
      return takeOffer(deps, { id: params.id, token: query.token, actor, once: onceOf(request), body })
    },
  )
  app.post(
    '/wishes/:id/decline',
    {
      config,
      schema: {
        operationId: 'declineOffer',
        summary: 'Decline an offer and wait on',
        ...{ ...common, headers, response },
      },
    },
    (request) => {
      const { actor, params, query } = request
      return declineOffer(deps, { id: params.id, token: query.token, actor, once: onceOf(request) })
    },
  )
  app.post(
    '/wishes/:id/withdraw',
    {
      config,
      schema: { operationId: 'withdrawByLink', summary: 'Wait no longer', ...{ ...common, headers, response } },
    },
    (request) => {
      const { actor, params, query } = request
      return withdrawByLink(deps, { id: params.id, token: query.token, actor, once: onceOf(request) })
    },
  )
}

const memberRoutes: FastifyPluginAsyncTypebox<WaitingDeps> = async (app, deps) => {
  const security = [{ session: [] }]
  app.get(
    '/organizations/:organization/wishes',
    {
      config: { access: 'viewer', scope: 'read' },
      schema: {
        operationId: 'listWishes',
        summary: 'List who waits',
        description: 'In the order in which they came, with all that they were offered.',
        ...{ tags, security, params: OrganizationParams, querystring: WishListQuery },
        response: { 200: pageOf(WishDetail), ...problemResponses },
      },
    },
    (request) => listWishes(deps, request.organizationId, request.query),
  )
  app.post(
    '/organizations/:organization/wishes/:id/withdraw',
    {
      config: { access: 'provider', scope: 'bookings:write' },
      schema: {
        operationId: 'withdrawWish',
        summary: 'Take somebody off the waiting list',
        ...{ tags, security, headers, params: EntityParams },
        response: { 200: WishDetail, ...problemResponses },
      },
    },
    (request) => {
      const { organizationId, actor, params } = request
      return withdrawForMember(deps, organizationId, { id: params.id, actor, once: onceOf(request) })
    },
  )
}

export const waitingListRoutes: FastifyPluginAsyncTypebox<WaitingDeps> = async (app, deps) => {
  await app.register(joinRoutes, deps)
  await app.register(linkRoutes, deps)
  await app.register(memberRoutes, deps)
}

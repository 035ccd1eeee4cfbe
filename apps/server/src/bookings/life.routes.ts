import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { onceOf } from '../http/once.ts'
import type { Actor } from '../shared/actor.ts'
import type { Once } from '../shared/once.ts'
import { EntityParams, IdempotencyHeaders, problemResponses } from '../shared/schemas.ts'
import {
  BookingCancel,
  BookingDetail,
  BookingReassign,
  BookingView,
  LinkParams,
  LinkQuery,
  ReassignAll,
  ReassignedAll,
} from './bookings.schemas.ts'
import { findByDecisionLink, findForMember, readDecision, readForMember, type BookingDeps } from './bookings.service.ts'
import { approve, checkIn, decline, finish } from './life.service.ts'
import { reassignAll, reassignOnce } from './reassign.service.ts'

const tags = ['Bookings']
const security = [{ session: [] }]

/** What whoever got a request by mail does, through the link in it. */
export const decisionRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  const config = { access: 'link', scope: 'none' } as const
  const common = { tags, params: LinkParams, querystring: LinkQuery }
  const response = { 200: BookingView, ...problemResponses }
  app.get(
    '/bookings/:id/request',
    {
      config,
      schema: { operationId: 'getRequest', summary: 'See a request that waits for approval', ...common, response },
    },
    (request) => readDecision(deps, request.params.id, request.query.token),
  )
  app.post(
    '/bookings/:id/approve',
    {
      config,
      schema: {
        operationId: 'approveByLink',
        summary: 'Approve a request through the link in the mail',
        ...{ ...common, headers: IdempotencyHeaders, response },
      },
    },
    async (request) => {
      const { id } = request.params
      const row = await findByDecisionLink(deps, id, request.query.token)
      await approve(deps, row, { doer: { kind: 'provider_link' }, once: onceOf(request) })
      return readDecision(deps, id, request.query.token)
    },
  )
  app.post(
    '/bookings/:id/decline',
    {
      config,
      schema: {
        operationId: 'declineByLink',
        summary: 'Decline a request through the link in the mail',
        ...{ ...common, headers: IdempotencyHeaders, body: BookingCancel, response },
      },
    },
    async (request) => {
      const { id } = request.params
      const row = await findByDecisionLink(deps, id, request.query.token)
      await decline(deps, row, { doer: { kind: 'provider_link' }, once: onceOf(request), ...reasonOf(request.body) })
      return readDecision(deps, id, request.query.token)
    },
  )
}

function reasonOf({ reason }: { reason?: string }): { reason: string | undefined } {
  return { reason }
}

/** What members do as an appointment comes near and passes. */
export const lifeRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  const config = { access: 'provider', scope: 'bookings:write' } as const
  const path = '/organizations/:organization/bookings/:id'
  const common = { tags, security, params: EntityParams, headers: IdempotencyHeaders }
  const response = { 200: BookingDetail, ...problemResponses }

  type MemberRequest = { organizationId: string; actor: Actor; params: { id: string } } & Parameters<typeof onceOf>[0]
  type Row = Awaited<ReturnType<typeof findForMember>>
  type Doing = { doer: Actor; once: Once | undefined }
  const changed = async (request: MemberRequest, change: (row: Row, doing: Doing) => Promise<void>) => {
    const { organizationId, actor, params } = request
    const row = await findForMember(deps, organizationId, params.id)
    await change(row, { doer: actor, once: onceOf(request) })
    return readForMember(deps, organizationId, params.id)
  }

  app.post(
    `${path}/approve`,
    { config, schema: { operationId: 'approveBooking', summary: 'Approve a request', ...common, response } },
    (request) => changed(request, (row, doing) => approve(deps, row, doing)),
  )
  app.post(
    `${path}/decline`,
    {
      config,
      schema: { operationId: 'declineBooking', summary: 'Decline a request', ...common, body: BookingCancel, response },
    },
    (request) => changed(request, (row, doing) => decline(deps, row, { ...doing, ...reasonOf(request.body) })),
  )
  app.post(
    `${path}/check-in`,
    {
      config,
      schema: { operationId: 'checkInBooking', summary: 'Note that the customer is there', ...common, response },
    },
    (request) => changed(request, (row, doing) => checkIn(deps, row, doing)),
  )
  app.post(
    `${path}/complete`,
    { config, schema: { operationId: 'completeBooking', summary: 'Mark an appointment as kept', ...common, response } },
    (request) => changed(request, (row, doing) => finish(deps, row, { ...doing, outcome: 'completed' })),
  )
  app.post(
    `${path}/no-show`,
    { config, schema: { operationId: 'missBooking', summary: 'Mark an appointment as missed', ...common, response } },
    (request) => changed(request, (row, doing) => finish(deps, row, { ...doing, outcome: 'no_show' })),
  )
  app.post(
    `${path}/reassign`,
    {
      config,
      schema: {
        operationId: 'reassignBooking',
        summary: 'Give a booking to somebody else, at the same time',
        ...{ ...common, body: BookingReassign, response },
      },
    },
    (request) =>
      changed(request, (row, doing) => reassignOnce(deps, row, { ...doing, providerId: request.body.provider })),
  )
}

/** What managers do when a provider is away. */
export const coverRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  app.post(
    '/organizations/:organization/providers/:id/reassign',
    {
      config: { access: 'manager', scope: 'bookings:write' },
      schema: {
        operationId: 'reassignProvider',
        summary: 'Give all bookings of a provider in a span to whoever else is free',
        description:
          'For sick leave. What nobody else can take stays where it is. Sent again, it goes on with what is left.',
        ...{ tags, security, params: EntityParams, headers: IdempotencyHeaders, body: ReassignAll },
        response: { 200: ReassignedAll, ...problemResponses },
      },
    },
    (request) => {
      const { organizationId, actor, params, body } = request
      return reassignAll(deps, organizationId, {
        ...{ providerId: params.id, ...body },
        ...{ doer: actor, once: onceOf(request) },
      })
    },
  )
}

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { onceOf } from '../http/once.ts'
import { calendarOf } from '../notifications/notifications.service.ts'
import { EntityParams, IdempotencyHeaders, OrganizationParams, pageOf, problemResponses } from '../shared/schemas.ts'
import { book } from './book.service.ts'
import {
  BookingCancel,
  BookingCreate,
  BookingCreated,
  BookingDetail,
  BookingListQuery,
  BookingMove,
  BookingView,
  CancelQuery,
  LinkParams,
  LinkQuery,
} from './bookings.schemas.ts'
import {
  factsOf,
  findByLink,
  findForMember,
  listForMember,
  readByLink,
  readForMember,
  type BookingDeps,
} from './bookings.service.ts'
import { bundleRoutes } from './bundle.routes.ts'
import { cancel, move } from './change.service.ts'
import { coverRoutes, decisionRoutes, lifeRoutes } from './life.routes.ts'
import { holdRoutes } from './holds.routes.ts'
import { seatRoutes } from './seats.routes.ts'

const tags = ['Bookings']
const session = [{ session: [] }]

/** What everybody may do: book, and change a booking through its link. */
const publicRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  app.post(
    '/organizations/:organization/bookings',
    {
      config: { access: 'public', scope: 'bookings:write' },
      schema: {
        operationId: 'createBooking',
        summary: 'Book a free time',
        description: 'Answers 409 with the nearest free times when the time is not free.',
        ...{ tags, params: OrganizationParams, headers: IdempotencyHeaders, body: BookingCreate },
        response: { 201: BookingCreated, ...problemResponses },
      },
    },
    async (request, reply) => {
      const booker = { actor: request.actor, once: onceOf(request) }
      return reply.code(201).send(await book(deps, request.organizationId, request.body, booker))
    },
  )
}

const linkRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  const config = { access: 'link', scope: 'none' } as const
  const params = LinkParams
  const response = { 200: BookingView, ...problemResponses }
  app.get(
    '/bookings/:id',
    {
      config,
      schema: { operationId: 'getBooking', summary: 'See a booking', tags, params, querystring: LinkQuery, response },
    },
    (request) => readByLink(deps, request.params.id, request.query.token),
  )
  app.patch(
    '/bookings/:id',
    {
      config,
      schema: {
        operationId: 'rescheduleBooking',
        summary: 'Move a booking',
        tags,
        params,
        querystring: LinkQuery,
        body: BookingMove,
        response,
      },
    },
    async ({ params: { id }, query: { token }, body }) => {
      const row = await findByLink(deps, id, token)
      await move(deps, row, { actor: { kind: 'anonymous' }, request: body })
      return readByLink(deps, id, token)
    },
  )
  app.delete(
    '/bookings/:id',
    {
      config,
      schema: {
        operationId: 'cancelBooking',
        summary: 'Cancel a booking',
        tags,
        params,
        querystring: CancelQuery,
        response,
      },
    },
    async ({ params: { id }, query: { token, reason } }) => {
      await cancel(deps, await findByLink(deps, id, token), { actor: { kind: 'anonymous' }, reason })
      return readByLink(deps, id, token)
    },
  )
  app.get(
    '/bookings/:id/calendar.ics',
    {
      config,
      schema: {
        operationId: 'getBookingCalendar',
        summary: 'The booking as a calendar file',
        ...{ tags, params, querystring: LinkQuery },
        response: {
          200: { description: 'iCalendar, RFC 5545', content: { 'text/calendar': { schema: Type.String() } } },
          ...problemResponses,
        },
      },
    },
    async ({ params: { id }, query: { token } }, reply) => {
      const row = await findByLink(deps, id, token)
      const manageUrl = `${deps.config.publicUrl}/booking/${id}?token=${token}`
      return reply
        .type('text/calendar; charset=utf-8')
        .header('content-disposition', 'attachment; filename="appointment.ics"')
        .serializer(String)
        .send(calendarOf(deps, { facts: factsOf(row), sequence: row.sequence, manageUrl }))
    },
  )
}

/** What members do, from the back office or with the API. */
const memberRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  const response = { 200: BookingDetail, ...problemResponses }
  const params = EntityParams
  app.get(
    '/organizations/:organization/bookings',
    {
      config: { access: 'viewer', scope: 'read' },
      schema: {
        operationId: 'listBookings',
        summary: 'List bookings',
        description: 'Those that overlap the span from `from` to `to`, in the order of their starts.',
        ...{ tags, security: session, params: OrganizationParams, querystring: BookingListQuery },
        response: { 200: pageOf(BookingDetail), ...problemResponses },
      },
    },
    (request) => listForMember(deps, request.organizationId, request.query),
  )
  app.get(
    '/organizations/:organization/bookings/:id',
    {
      config: { access: 'viewer', scope: 'read' },
      schema: {
        operationId: 'getMemberBooking',
        summary: 'See a booking with all its details',
        tags,
        security: session,
        params,
        response,
      },
    },
    (request) => readForMember(deps, request.organizationId, request.params.id),
  )
  app.patch(
    '/organizations/:organization/bookings/:id',
    {
      config: { access: 'provider', scope: 'bookings:write' },
      schema: {
        operationId: 'moveBooking',
        summary: 'Move a booking as a member',
        tags,
        security: session,
        params,
        body: BookingMove,
        response,
      },
    },
    async ({ organizationId, actor, params: { id }, body }) => {
      await move(deps, await findForMember(deps, organizationId, id), { actor, request: body })
      return readForMember(deps, organizationId, id)
    },
  )
  app.delete(
    '/organizations/:organization/bookings/:id',
    {
      config: { access: 'provider', scope: 'bookings:write' },
      schema: {
        operationId: 'cancelMemberBooking',
        summary: 'Cancel a booking as a member',
        tags,
        security: session,
        params,
        querystring: BookingCancel,
        response,
      },
    },
    async ({ organizationId, actor, params: { id }, query: { reason } }) => {
      await cancel(deps, await findForMember(deps, organizationId, id), { actor, reason })
      return readForMember(deps, organizationId, id)
    },
  )
}

export const bookingRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  await app.register(publicRoutes, deps)
  await app.register(linkRoutes, deps)
  await app.register(decisionRoutes, deps)
  await app.register(memberRoutes, deps)
  await app.register(holdRoutes, deps)
  await app.register(bundleRoutes, deps)
  await app.register(seatRoutes, deps)
  await app.register(lifeRoutes, deps)
  await app.register(coverRoutes, deps)
}

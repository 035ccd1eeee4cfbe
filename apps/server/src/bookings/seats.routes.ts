import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { onceOf } from '../http/once.ts'
import { EntityParams, IdempotencyHeaders, problemResponses } from '../shared/schemas.ts'
import {
  BookingCreated,
  BookingDetail,
  BookingSplit,
  BookingView,
  LinkParams,
  LinkQuery,
  SeatsChange,
} from './bookings.schemas.ts'
import { findByLink, findForMember, readByLink, readForMember, type BookingDeps } from './bookings.service.ts'
import { changeSeats, splitBooking } from './seats.service.ts'

const tags = ['Bookings']
const headers = IdempotencyHeaders
const CUSTOMER = { doer: { kind: 'anonymous' }, isMember: false } as const

const CHANGE = 'Gives seats back, or takes more of the same session. Answers 409 when too few are free.'
const SPLIT = 'They get a booking and a link of their own, for the same customer. Both change, or nothing does.'

/** What the seats of a booking become: for members, and for whoever has the link. */
export const seatRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  const member = { access: 'provider', scope: 'bookings:write' } as const
  const link = { access: 'link', scope: 'none' } as const
  app.post(
    '/organizations/:organization/bookings/:id/seats',
    {
      config: member,
      schema: {
        operationId: 'changeSeats',
        summary: 'Change for how many people a booking is',
        description: CHANGE,
        ...{ tags, params: EntityParams, headers, body: SeatsChange },
        response: { 200: BookingDetail, ...problemResponses },
      },
    },
    async (request) => {
      const { organizationId, actor, params, body } = request
      const row = await findForMember(deps, organizationId, params.id)
      await changeSeats(deps, row, { doer: actor, isMember: true, once: onceOf(request), seats: body.seats })
      return readForMember(deps, organizationId, params.id)
    },
  )
  app.post(
    '/organizations/:organization/bookings/:id/split',
    {
      config: member,
      schema: {
        operationId: 'splitBooking',
        summary: 'Move some of the people of a booking',
        description: SPLIT,
        ...{ tags, params: EntityParams, headers, body: BookingSplit },
        response: { 201: BookingCreated, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { organizationId, actor, params, body } = request
      const row = await findForMember(deps, organizationId, params.id)
      const change = { doer: actor, isMember: true, once: onceOf(request), request: body }
      return reply.code(201).send(await splitBooking(deps, row, change))
    },
  )
  app.post(
    '/bookings/:id/seats',
    {
      config: link,
      schema: {
        operationId: 'changeSeatsByLink',
        summary: 'Change for how many people a booking is, as its customer',
        description: CHANGE,
        ...{ tags, params: LinkParams, querystring: LinkQuery, headers, body: SeatsChange },
        response: { 200: BookingView, ...problemResponses },
      },
    },
    async (request) => {
      const { id } = request.params
      const { token } = request.query
      const row = await findByLink(deps, id, token)
      await changeSeats(deps, row, { ...CUSTOMER, once: onceOf(request), seats: request.body.seats })
      return readByLink(deps, id, token)
    },
  )
  app.post(
    '/bookings/:id/split',
    {
      config: link,
      schema: {
        operationId: 'splitByLink',
        summary: 'Move some of the people of a booking, as its customer',
        description: SPLIT,
        ...{ tags, params: LinkParams, querystring: LinkQuery, headers, body: BookingSplit },
        response: { 201: BookingCreated, ...problemResponses },
      },
    },
    async (request, reply) => {
      const row = await findByLink(deps, request.params.id, request.query.token)
      const change = { ...CUSTOMER, once: onceOf(request), request: request.body }
      return reply.code(201).send(await splitBooking(deps, row, change))
    },
  )
}

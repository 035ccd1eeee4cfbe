import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { onceOf } from '../http/once.ts'
import {
  described,
  EntityParams,
  IdempotencyHeaders,
  OrganizationParams,
  OrganizationSlug,
  problemResponses,
} from '../shared/schemas.ts'
import type { BookingDeps } from './bookings.service.ts'
import { cancelBundle, moveBundle } from './bundle-change.service.ts'
import {
  BundleCancel,
  BundleMove,
  BundleView,
  LinkedBundle,
  SeriesCreate,
  SeriesCreated,
  VisitCreate,
  VisitCreated,
  VisitQuery,
  VisitSlots,
} from './bundle.schemas.ts'
import { bookSeries, bookVisit, readBundle, readBundleByLink, visitSlots } from './bundle.service.ts'
import { LinkParams, LinkQuery, ServiceRef } from './bookings.schemas.ts'

const tags = ['Bookings']
const security = [{ session: [] }]
const headers = IdempotencyHeaders

const ServiceParams = Type.Object({
  organization: OrganizationSlug,
  service: described(ServiceRef, 'The slug or the id of the service.'),
})

/** Several services in one visit, for everybody. */
const visitRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  app.post(
    '/organizations/:organization/visits/slots',
    {
      config: { access: 'public', scope: 'read' },
      schema: {
        operationId: 'listVisitSlots',
        summary: 'Starts at which several services fit one after another',
        description: 'At most a week at once. Nothing is booked.',
        ...{ tags, params: OrganizationParams, body: VisitQuery },
        response: { 200: VisitSlots, ...problemResponses },
      },
    },
    (request) => visitSlots(deps, request.organizationId, request.body),
  )
  app.post(
    '/organizations/:organization/visits',
    {
      config: { access: 'public', scope: 'bookings:write' },
      schema: {
        operationId: 'bookVisit',
        summary: 'Book several services in one visit',
        description: 'Books all of them one after another, or none. Answers 409 with the nearest starts that fit.',
        ...{ tags, params: OrganizationParams, headers, body: VisitCreate },
        response: { 201: VisitCreated, ...problemResponses },
      },
    },
    async (request, reply) => {
      const booker = { actor: request.actor, once: onceOf(request) }
      return reply.code(201).send(await bookVisit(deps, request.organizationId, { request: request.body, booker }))
    },
  )
  app.get(
    '/bookings/:id/bundle',
    {
      config: { access: 'link', scope: 'none' },
      schema: {
        operationId: 'getBundleByLink',
        summary: 'See what was booked together with a booking',
        ...{ tags, params: LinkParams, querystring: LinkQuery },
        response: { 200: LinkedBundle, ...problemResponses },
      },
    },
    (request) => readBundleByLink(deps, request.params.id, request.query.token),
  )
}

/** Bookings that are made and changed together. */
export const bundleRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  await app.register(visitRoutes, deps)
  const response = { 200: BundleView, ...problemResponses }
  app.post(
    '/organizations/:organization/services/:service/series/bookings',
    {
      config: { access: 'provider', scope: 'bookings:write' },
      schema: {
        operationId: 'bookSeries',
        summary: 'Book a series',
        description:
          'Books all times of a series or, as `onConflict` says, those that are free or near by; in one go. Answers 409 with the times that are not free.',
        ...{ tags, security, params: ServiceParams, headers, body: SeriesCreate },
        response: { 201: SeriesCreated, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { actor, organizationId, params, body } = request
      const booker = { actor, once: onceOf(request) }
      const booked = await bookSeries(deps, organizationId, { service: params.service, request: body, booker })
      return reply.code(201).send(booked)
    },
  )
  app.get(
    '/organizations/:organization/bundles/:id',
    {
      config: { access: 'viewer', scope: 'read' },
      schema: {
        operationId: 'getBundle',
        summary: 'See bookings that were made together',
        ...{ tags, security, params: EntityParams, response },
      },
    },
    (request) => readBundle(deps, request.organizationId, request.params.id),
  )
  app.post(
    '/organizations/:organization/bundles/:id/cancel',
    {
      config: { access: 'provider', scope: 'bookings:write' },
      schema: {
        operationId: 'cancelBundle',
        summary: 'Cancel several bookings of a series or visit',
        description: 'One booking and those after it, or all that are still to come. Both sides are told once.',
        ...{ tags, security, params: EntityParams, headers, body: BundleCancel, response },
      },
    },
    async (request) => {
      const { actor, organizationId, params, body } = request
      const doing = { doer: actor, once: onceOf(request), request: body }
      await cancelBundle(deps, { organizationId, id: params.id }, doing)
      return readBundle(deps, organizationId, params.id)
    },
  )
  app.post(
    '/organizations/:organization/bundles/:id/move',
    {
      config: { access: 'provider', scope: 'bookings:write' },
      schema: {
        operationId: 'moveBundle',
        summary: 'Move several bookings of a series or visit',
        description:
          'Moves them by as many days and minutes of the clock as the one that is named; all or none. Answers 409 with the times that are not free.',
        ...{ tags, security, params: EntityParams, headers, body: BundleMove, response },
      },
    },
    async (request) => {
      const { actor, organizationId, params, body } = request
      const doing = { doer: actor, once: onceOf(request), request: body }
      await moveBundle(deps, { organizationId, id: params.id }, doing)
      return readBundle(deps, organizationId, params.id)
    },
  )
}

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { requireMovable, type BookingDeps } from '../bookings/bookings.service.ts'
import { problemResponses } from '../shared/schemas.ts'
import { SlotsParams, SlotsQuery, SlotsView } from './availability.schemas.ts'
import { ExplanationQuery, ExplanationView } from './explanation.schemas.ts'
import { explain } from './explanation.service.ts'
import { SeriesQuery, SeriesView } from './series.schemas.ts'
import { previewSeries } from './series.service.ts'

const listSlots = {
  operationId: 'listSlots',
  summary: 'List free times',
  description:
    'Every time listed can be booked, and no other. At most 62 days at once, grouped by date in the asked time zone.',
  tags: ['Availability'],
  params: SlotsParams,
  querystring: SlotsQuery,
  response: { 200: Type.Unsafe<string>(SlotsView), ...problemResponses },
}

const explainStart = {
  operationId: 'explainStart',
  summary: 'Explain why a time is not offered',
  description:
    'By the same steps that list free times. Everybody is told the one reason that says most; members all of them, with what caused each.',
  tags: ['Availability'],
  params: SlotsParams,
  querystring: ExplanationQuery,
  response: { 200: ExplanationView, ...problemResponses },
}

const checkSeriesOf = {
  operationId: 'previewSeries',
  summary: 'Check the times of a series',
  description:
    'Every time that a rule gives: whether it is free, as if the free ones before it were booked, and for each that is not the nearest that are. Nothing is booked.',
  tags: ['Availability'],
  params: SlotsParams,
  body: SeriesQuery,
  response: { 200: SeriesView, ...problemResponses },
}

export const availabilityRoutes: FastifyPluginAsyncTypebox<BookingDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/services/:service/slots',
    { schema: listSlots, config: { access: 'public', scope: 'read' }, serializerCompiler: () => String },
    async (request, reply) => {
      const { organizationId, actor, params, query } = request
      const { rescheduling, token, duration, provider, ...rest } = query
      if (rescheduling) await requireMovable(deps, organizationId, { bookingId: rescheduling, token, actor })
      const asked = { durationMin: duration, providerId: provider, exceptBooking: rescheduling }
      const body = await deps.availability.slots(organizationId, { serviceRef: params.service, ...rest, ...asked })
      // The answer is JSON text already; the schema above describes it.
      return reply.type('application/json; charset=utf-8').serializer(String).send(body)
    },
  )
  app.get(
    '/organizations/:organization/services/:service/explanation',
    { schema: explainStart, config: { access: 'public', scope: 'read' } },
    ({ organizationId, actor, params, query }) =>
      explain(deps, organizationId, { actor, request: { service: params.service, ...query } }),
  )
  app.post(
    '/organizations/:organization/services/:service/series',
    { schema: checkSeriesOf, config: { access: 'public', scope: 'read' } },
    ({ organizationId, actor, params, body }) =>
      previewSeries(deps, organizationId, { actor, service: params.service, request: body }),
  )
}

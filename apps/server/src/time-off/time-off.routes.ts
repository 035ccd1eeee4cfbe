import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { onceOf } from '../http/once.ts'
import { closed, EntityParams, IdempotencyHeaders, pageOf, PageQuery, problemResponses } from '../shared/schemas.ts'
import { TimeOffCreate, TimeOffPatch, TimeOffView } from './time-off.schemas.ts'
import { createTimeOff, deleteTimeOff, listTimeOff, updateTimeOff, type TimeOffDeps } from './time-off.service.ts'

const common = { tags: ['Time off'], security: [{ session: [] }], params: EntityParams }
const description = 'Providers may change their own time off, managers everybody’s. Bookings that there are stay.'

/** What providers and resources have alike. */
const KINDS = [
  { kind: 'provider', of: 'Provider', path: '/organizations/:organization/providers/:id/time-off' },
  { kind: 'resource', of: 'Resource', path: '/organizations/:organization/resources/:id/time-off' },
] as const

export const timeOffRoutes: FastifyPluginAsyncTypebox<TimeOffDeps> = async (app, deps) => {
  for (const { kind, of, path } of KINDS) {
    app.get(
      path,
      {
        config: { access: 'viewer', scope: 'read' },
        schema: {
          ...{ ...common, operationId: `list${of}TimeOff`, summary: `List when a ${kind} is off` },
          querystring: Type.Object(PageQuery, closed),
          response: { 200: pageOf(TimeOffView), ...problemResponses },
        },
      },
      ({ organizationId, actor, params, query }) =>
        listTimeOff(deps, organizationId, { actor, subject: { kind, id: params.id }, query }),
    )
    app.post(
      path,
      {
        config: { access: 'provider', scope: 'setup:write' },
        schema: {
          ...{ ...common, operationId: `create${of}TimeOff`, summary: `Enter time off of a ${kind}`, description },
          ...{ headers: IdempotencyHeaders, body: TimeOffCreate },
          response: { 201: TimeOffView, ...problemResponses },
        },
      },
      async (request, reply) => {
        const { organizationId, actor, params, body } = request
        const subject = { kind, id: params.id }
        const timeOff = await createTimeOff(deps, organizationId, { actor, once: onceOf(request), subject, body })
        return reply.code(201).send(timeOff)
      },
    )
  }
  await app.register(oneTimeOffRoutes, deps)
}

const oneTimeOffRoutes: FastifyPluginAsyncTypebox<TimeOffDeps> = async (app, deps) => {
  const path = '/organizations/:organization/time-off/:id'
  app.patch(
    path,
    {
      config: { access: 'provider', scope: 'setup:write' },
      schema: {
        ...{ ...common, operationId: 'updateTimeOff', summary: 'Change time off', description, body: TimeOffPatch },
        response: { 200: TimeOffView, ...problemResponses },
      },
    },
    ({ organizationId, actor, params, body }) =>
      updateTimeOff(deps, organizationId, { actor, id: params.id, patch: body }),
  )
  app.delete(
    path,
    {
      config: { access: 'provider', scope: 'setup:write' },
      schema: {
        ...{ ...common, operationId: 'deleteTimeOff', summary: 'Take time off back', description },
        response: { 204: Type.Null({ description: 'It is gone.' }), ...problemResponses },
      },
    },
    async ({ organizationId, actor, params }, reply) => {
      await deleteTimeOff(deps, organizationId, { actor, id: params.id })
      return reply.code(204).send(null)
    },
  )
}

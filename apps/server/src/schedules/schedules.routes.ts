import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { managed } from '../http/managed.ts'
import { onceOf } from '../http/once.ts'
import { EntityParams, problemResponses } from '../shared/schemas.ts'
import { ScheduleCreate, SchedulePatch, ScheduleView } from './schedules.schemas.ts'
import { createSchedule, getSchedule, listSchedules, updateSchedule, type ScheduleDeps } from './schedules.service.ts'

const { common, list, create, update } = managed({
  name: 'Schedule',
  view: ScheduleView,
  create: ScheduleCreate,
  patch: SchedulePatch,
})

const get = {
  ...{ ...common, operationId: 'getSchedule', summary: 'Read a schedule' },
  params: EntityParams,
  response: { 200: ScheduleView, ...problemResponses },
}

const description =
  'Lists, such as weekly hours and closures, are replaced as wholes when given. Providers may change their own hours.'

export const scheduleRoutes: FastifyPluginAsyncTypebox<ScheduleDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/schedules',
    { schema: list, config: { access: 'viewer', scope: 'read' } },
    ({ organizationId, query }) => listSchedules(deps, organizationId, query),
  )
  app.get(
    '/organizations/:organization/schedules/:id',
    { schema: get, config: { access: 'viewer', scope: 'read' } },
    ({ organizationId, params }) => getSchedule(deps, organizationId, params.id),
  )
  app.post(
    '/organizations/:organization/schedules',
    { schema: create, config: { access: 'manager', scope: 'setup:write' } },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      const schedule = await createSchedule(deps, organizationId, { actor, once: onceOf(request), body })
      return reply.code(201).send(schedule)
    },
  )
  app.patch(
    '/organizations/:organization/schedules/:id',
    { schema: { ...update, description }, config: { access: 'provider', scope: 'setup:write' } },
    ({ organizationId, actor, params, body }) =>
      updateSchedule(deps, organizationId, { actor, id: params.id, patch: body }),
  )
}

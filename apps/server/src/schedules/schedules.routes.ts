import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { onceOf } from '../http/once.ts'
import {
  closed,
  EntityParams,
  IdempotencyHeaders,
  OrganizationParams,
  pageOf,
  PageQuery,
  problemResponses,
} from '../shared/schemas.ts'
import { ScheduleCreate, SchedulePatch, ScheduleView } from './schedules.schemas.ts'
import { createSchedule, getSchedule, listSchedules, updateSchedule, type ScheduleDeps } from './schedules.service.ts'

const tags = ['Schedules']
const security = [{ session: [] }]

const list = {
  operationId: 'listSchedules',
  summary: 'List schedules',
  tags,
  security,
  params: OrganizationParams,
  querystring: Type.Object(PageQuery, closed),
  response: { 200: pageOf(ScheduleView), ...problemResponses },
}

const get = {
  operationId: 'getSchedule',
  summary: 'Read a schedule',
  tags,
  security,
  params: EntityParams,
  response: { 200: ScheduleView, ...problemResponses },
}

const create = {
  operationId: 'createSchedule',
  summary: 'Add a schedule',
  tags,
  security,
  params: OrganizationParams,
  headers: IdempotencyHeaders,
  body: ScheduleCreate,
  response: { 201: ScheduleView, ...problemResponses },
}

const update = {
  operationId: 'updateSchedule',
  summary: 'Change a schedule',
  description: 'Weekly hours and overrides are replaced as wholes when given. Providers may change their own hours.',
  tags,
  security,
  params: EntityParams,
  body: SchedulePatch,
  response: { 200: ScheduleView, ...problemResponses },
}

export const scheduleRoutes: FastifyPluginAsyncTypebox<ScheduleDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/schedules',
    { schema: list, config: { access: 'viewer' } },
    ({ organizationId, query }) => listSchedules(deps, organizationId, query),
  )
  app.get(
    '/organizations/:organization/schedules/:id',
    { schema: get, config: { access: 'viewer' } },
    ({ organizationId, params }) => getSchedule(deps, organizationId, params.id),
  )
  app.post(
    '/organizations/:organization/schedules',
    { schema: create, config: { access: 'manager' } },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      const schedule = await createSchedule(deps, organizationId, { actor, once: onceOf(request), body })
      return reply.code(201).send(schedule)
    },
  )
  app.patch(
    '/organizations/:organization/schedules/:id',
    { schema: update, config: { access: 'provider' } },
    ({ organizationId, actor, params, body }) =>
      updateSchedule(deps, organizationId, { actor, id: params.id, patch: body }),
  )
}

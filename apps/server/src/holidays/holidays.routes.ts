import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { OrganizationParams, problemResponses } from '../shared/schemas.ts'
import { CountriesQuery, CountriesView, HolidaysQuery, HolidaysView } from './holidays.schemas.ts'
import { listCountries, previewHolidays } from './holidays.service.ts'

const common = { tags: ['Schedules'], security: [{ session: [] }] }

export const holidayRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/holidays/countries',
    {
      config: { access: 'user', scope: 'read' },
      schema: {
        operationId: 'listHolidayCountries',
        summary: 'List the countries whose public holidays are known',
        ...{ ...common, querystring: CountriesQuery },
        response: { 200: CountriesView, ...problemResponses },
      },
    },
    ({ query }) => listCountries(query.locale),
  )
  app.get(
    '/organizations/:organization/holidays',
    {
      config: { access: 'viewer', scope: 'read' },
      schema: {
        operationId: 'previewHolidays',
        summary: 'See the public holidays of a year',
        description: 'Whole days only. They are computed from rules: what a government decides late may be missing.',
        ...{ ...common, params: OrganizationParams, querystring: HolidaysQuery },
        response: { 200: HolidaysView, ...problemResponses },
      },
    },
    ({ query }) => previewHolidays(query),
  )
}

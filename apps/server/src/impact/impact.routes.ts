import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { OrganizationParams, problemResponses } from '../shared/schemas.ts'
import { ImpactQuery, ImpactView } from './impact.schemas.ts'
import { previewImpact, type ImpactDeps } from './impact.service.ts'

const preview = {
  operationId: 'previewImpact',
  summary: 'Preview what a change does to bookings',
  description:
    'Which bookings to come fit now and would no longer, and why, if hours, a person or a thing were changed so. Nothing is changed.',
  tags: ['Availability'],
  security: [{ session: [] }],
  params: OrganizationParams,
  body: ImpactQuery,
  response: { 200: ImpactView, ...problemResponses },
}

export const impactRoutes: FastifyPluginAsyncTypebox<ImpactDeps> = async (app, deps) => {
  app.post(
    '/organizations/:organization/impact',
    { schema: preview, config: { access: 'provider', scope: 'read' } },
    ({ organizationId, body }) => previewImpact(deps, organizationId, body),
  )
}

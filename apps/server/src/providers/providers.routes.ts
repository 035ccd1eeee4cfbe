import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { managed } from '../http/managed.ts'
import { onceOf } from '../http/once.ts'
import { ProviderCreate, ProviderPatch, ProviderView } from './providers.schemas.ts'
import { createProvider, listProviders, updateProvider, type ProviderDeps } from './providers.service.ts'

const { list, create, update } = managed({
  name: 'Provider',
  view: ProviderView,
  create: ProviderCreate,
  patch: ProviderPatch,
})

export const providerRoutes: FastifyPluginAsyncTypebox<ProviderDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/providers',
    { schema: list, config: { access: 'viewer', scope: 'read' } },
    ({ organizationId, query }) => listProviders(deps, organizationId, query),
  )
  app.post(
    '/organizations/:organization/providers',
    { schema: create, config: { access: 'manager', scope: 'setup:write' } },
    async (request, reply) => {
      const { organizationId, actor, body } = request
      const provider = await createProvider(deps, organizationId, { actor, once: onceOf(request), body })
      return reply.code(201).send(provider)
    },
  )
  app.patch(
    '/organizations/:organization/providers/:id',
    { schema: update, config: { access: 'manager', scope: 'setup:write' } },
    ({ organizationId, actor, params, body }) =>
      updateProvider(deps, organizationId, { actor, id: params.id, changes: body }),
  )
}

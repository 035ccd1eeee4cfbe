import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { onceOf } from '../http/once.ts'
import { EntityParams, IdempotencyHeaders, OrganizationParams, pageOf, problemResponses } from '../shared/schemas.ts'
import { CustomerPatch, CustomerQuery, CustomerView } from './customers.schemas.ts'
import { eraseCustomer, getCustomer, listCustomers, updateCustomer, type CustomerDeps } from './customers.service.ts'

const tags = ['Customers']
const security = [{ session: [] }]

export const customerRoutes: FastifyPluginAsyncTypebox<CustomerDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/customers',
    {
      config: { access: 'viewer', scope: 'read' },
      schema: {
        operationId: 'listCustomers',
        summary: 'List customers',
        ...{ tags, security, params: OrganizationParams, querystring: CustomerQuery },
        response: { 200: pageOf(CustomerView), ...problemResponses },
      },
    },
    (request) => listCustomers(deps, request.organizationId, request.query),
  )
  const response = { 200: CustomerView, ...problemResponses }
  app.get(
    '/organizations/:organization/customers/:id',
    {
      config: { access: 'viewer', scope: 'read' },
      schema: {
        operationId: 'getCustomer',
        summary: 'Read a customer',
        tags,
        security,
        params: EntityParams,
        response,
      },
    },
    (request) => getCustomer(deps, request.organizationId, request.params.id),
  )
  app.patch(
    '/organizations/:organization/customers/:id',
    {
      config: { access: 'provider', scope: 'bookings:write' },
      schema: {
        operationId: 'updateCustomer',
        summary: 'Change a customer',
        ...{ tags, security, params: EntityParams, body: CustomerPatch, response },
      },
    },
    ({ organizationId, actor, params: { id }, body }) => updateCustomer(deps, organizationId, { id, actor, body }),
  )
  app.post(
    '/organizations/:organization/customers/:id/erase',
    {
      config: { access: 'admin', scope: 'none' },
      schema: {
        operationId: 'eraseCustomer',
        summary: 'Erase a customer',
        description:
          'Takes name, addresses, notes, answers and messages away for good; the appointments stay as figures. Refused while some are to come.',
        ...{ tags, params: EntityParams, headers: IdempotencyHeaders, response },
      },
    },
    (request) => {
      const { organizationId, actor, params } = request
      return eraseCustomer(deps, organizationId, { id: params.id, actor, once: onceOf(request) })
    },
  )
}

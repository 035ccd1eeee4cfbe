import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { EntityParams, OrganizationParams, pageOf, problemResponses } from '../shared/schemas.ts'
import { CustomerPatch, CustomerQuery, CustomerView } from './customers.schemas.ts'
import { getCustomer, listCustomers, updateCustomer, type CustomerDeps } from './customers.service.ts'

const tags = ['Customers']
const security = [{ session: [] }]

export const customerRoutes: FastifyPluginAsyncTypebox<CustomerDeps> = async (app, deps) => {
  app.get(
    '/organizations/:organization/customers',
    {
      config: { access: 'viewer' },
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
      config: { access: 'viewer' },
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
      config: { access: 'provider' },
      schema: {
        operationId: 'updateCustomer',
        summary: 'Change a customer',
        ...{ tags, security, params: EntityParams, body: CustomerPatch, response },
      },
    },
    ({ organizationId, actor, params: { id }, body }) => updateCustomer(deps, organizationId, { id, actor, body }),
  )
}

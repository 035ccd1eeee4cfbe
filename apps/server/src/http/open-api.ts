import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifyContextConfig } from 'fastify'

/** How the OpenAPI document is made from the routes. */
export function openApi(publicUrl: string): FastifyDynamicSwaggerOptions {
  return {
    // Schemas are named as the code names them.
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, index) => (typeof $id === 'string' ? $id : `Schema${index}`),
    },
    transform: ({ schema, url, route }) => ({ schema: { ...schema, security: securityOf(route.config) }, url }),
    transformObject: (made) => ('openapiObject' in made ? hoistSchemas(made.openapiObject) : made.swaggerObject),
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Slotkeeper',
        version: '1',
        summary: 'Appointments that cannot be double-booked',
        description:
          'Public operations need no account. Members sign in and use the same addresses; programs send a key of the organization. Every POST takes an Idempotency-Key. Errors are application/problem+json (RFC 9457) with a stable code.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: publicUrl }],
      tags: [
        { name: 'Organizations', description: 'The business: name, time zone, currency, brand.' },
        { name: 'Services', description: 'What can be booked.' },
        { name: 'Availability', description: 'Times that are really free.' },
        { name: 'Bookings', description: 'Holds and appointments.' },
        { name: 'Waiting list', description: 'Who waits for a time, and what they are offered.' },
        { name: 'Providers', description: 'Who delivers services.' },
        { name: 'Resources', description: 'Rooms, chairs and devices.' },
        { name: 'Locations', description: 'Where services take place.' },
        { name: 'Schedules', description: 'Weekly hours, overrides, public holidays, closures.' },
        { name: 'Time off', description: 'When people are away and things out of use.' },
        { name: 'Customers', description: 'Who books.' },
        { name: 'Messages', description: 'Everything sent out, with its state.' },
        { name: 'API keys', description: 'What programs call the API with.' },
        { name: 'Audit', description: 'What was changed, when, by whom.' },
      ],
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'slotkeeper.session_token',
            description: 'A signed-in member.',
          },
          key: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A key of the organization. What stands beside it at an operation is the scope that the key needs.',
          },
        },
      },
    },
  }
}

/** Who is let in, as each route declares it. */
function securityOf(config: Partial<FastifyContextConfig> = {}): Record<string, string[]>[] {
  const { access = 'public', scope = 'none' } = config
  const withKey = scope === 'none' ? [] : [{ key: [scope] }]
  if (access === 'link') return []
  if (access === 'public') return withKey.length === 0 ? [] : [{}, { session: [] }, ...withKey]
  return [{ session: [] }, ...withKey]
}

/** Puts every schema that has a title among the components, once, and a reference wherever it stood. */
function hoistSchemas<Document extends object>(document: Document): Document {
  const schemas: Record<string, unknown> = {}
  const walk = (value: unknown, isNamed = false): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item))
    if (typeof value !== 'object' || value === null) return value
    const title = 'properties' in value && 'title' in value && typeof value.title === 'string' ? value.title : undefined
    const walked = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part)]))
    if (title === undefined || isNamed) return walked
    schemas[title] = walked
    return { $ref: `#/components/schemas/${title}` }
  }
  const { components, ...rest } = { components: {}, ...document }
  for (const [name, schema] of Object.entries(schemasOf(components))) schemas[name] = walk(schema, true)
  const hoisted = walk(rest)
  return { ...document, ...(typeof hoisted === 'object' && hoisted), components: { ...components, schemas } }
}

function schemasOf(components: object): object {
  return 'schemas' in components && typeof components.schemas === 'object' ? { ...components.schemas } : {}
}

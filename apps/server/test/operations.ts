import type { World } from './world.ts'

type Parameter = { name: string; in: 'path' | 'query' | 'header'; schema?: Record<string, unknown> }

/** An operation of the API, as the OpenAPI document tells it. */
export type Operation = {
  operationId: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  tags?: string[]
  security?: object[]
  parameters?: Parameter[]
  requestBody?: object
  responses: Record<string, { content?: Record<string, { schema?: unknown }> }>
}

type Document = { paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>> }

/** Every operation of the API, from its OpenAPI document. */
export async function operationsOf(world: Pick<World, 'inject'>): Promise<Operation[]> {
  const { paths } = (await world.inject({ url: '/api/openapi.json' })).json<Document>()
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase() as Operation['method'],
      path,
    })),
  )
}

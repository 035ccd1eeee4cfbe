import { ask } from '../site/ask.ts'

/** The part of JSON Schema that the API's document uses. */
export type Schema = {
  $ref?: string
  type?: string
  format?: string
  pattern?: string
  enum?: unknown[]
  anyOf?: Schema[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  items?: Schema
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  maxProperties?: number
  minProperties?: number
}

export type Parameter = { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }
type Content = Record<string, { schema: Schema }>

export type Operation = {
  operationId: string
  method: string
  path: string
  parameters: Parameter[]
  body: Schema | undefined
  /** by status, such as 200 or 4XX */
  responses: Record<string, { content?: Content }>
}

export type ApiDocument = { operations: Operation[]; schemas: Record<string, Schema> }

type Told = Omit<Operation, 'method' | 'path' | 'body' | 'parameters'> & {
  parameters?: Parameter[]
  requestBody?: { content: Content }
}
type OpenApi = { paths: Record<string, Record<string, Told>>; components: { schemas: Record<string, Schema> } }

/** What the running product says of its API. */
export async function readDocument(url: string): Promise<ApiDocument> {
  const { text } = await ask(url, { method: 'GET', path: '/api/openapi.json' })
  const { paths, components } = JSON.parse(text) as OpenApi
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, ...told }]): Operation => {
      const body = requestBody?.content['application/json']?.schema
      return { ...told, method: method.toUpperCase(), path, parameters, body }
    }),
  )
  return { operations, schemas: components.schemas }
}

/** Objects in a body that would take properties that nobody knows: whoever sends some must be told. */
export function openObjects(schema: Schema | undefined, at = 'body'): string[] {
  if (!schema) return []
  const isOpen = schema.type === 'object' && (schema.additionalProperties ?? true) === true
  const parts: [string, Schema][] = [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.items ? [['[]', schema.items] as [string, Schema]] : []),
    ...(schema.anyOf ?? []).map((part, index): [string, Schema] => [`(${String(index)})`, part]),
  ]
  return [...(isOpen ? [at] : []), ...parts.flatMap(([name, part]) => openObjects(part, `${at}.${name}`))]
}

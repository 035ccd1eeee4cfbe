/** The parts of an OpenAPI 3.1 document that the reference shows. */
type Schema = {
  $ref?: string
  title?: string
  type?: string | string[]
  format?: string
  description?: string
  const?: unknown
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
}
type Content = Record<string, { schema?: Schema }>
type Operation = {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema; description?: string }[]
  requestBody?: { content: Content }
  responses?: Record<string, { description?: string; content?: Content }>
}
type OpenApiDocument = {
  info: { title: string; description?: string }
  tags?: { name: string; description?: string }[]
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Schema> }
}

export type Field = { name: string; type: string; required: boolean; text: string }
export type OperationView = {
  id: string
  method: string
  path: string
  summary: string
  text: string
  parameters: Field[]
  body: Field[]
  answers: { status: string; text: string; fields: Field[] }[]
  example: string
}
export type Reference = {
  title: string
  text: string
  groups: { name: string; text: string; operations: OperationView[] }[]
}

const METHODS = ['get', 'post', 'patch', 'put', 'delete']

/**
 * Lays out an OpenAPI document for people: operations by tag, with flat lists of fields.
 * @throws when it is no such document
 */
export function readDocument(document: unknown, origin: string): Reference {
  if (!isDocument(document)) throw new Error('This is no OpenAPI document.')
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => ({
        tags: operation.tags ?? [],
        view: viewOf({ document, method, path, operation, origin }),
      })),
  )
  const groups = (document.tags ?? []).map(({ name, description = '' }) => ({
    name,
    text: description,
    operations: operations.filter(({ tags }) => tags.includes(name)).map(({ view }) => view),
  }))
  const text = document.info.description ?? ''
  return { title: document.info.title, text, groups: groups.filter((group) => group.operations.length > 0) }
}

function isDocument(value: unknown): value is OpenApiDocument {
  return typeof value === 'object' && value !== null && 'info' in value && 'paths' in value
}

type Place = { document: OpenApiDocument; method: string; path: string; operation: Operation; origin: string }

function viewOf({ document, method, path, operation, origin }: Place): OperationView {
  const body = schemaOf(operation.requestBody?.content)
  return {
    id: operation.operationId ?? `${method}-${path}`,
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? '',
    text: operation.description ?? '',
    parameters: (operation.parameters ?? []).map((parameter) => ({
      name: parameter.name,
      type: typeOf(document, parameter.schema),
      required: parameter.required ?? false,
      text: parameter.description ?? parameter.schema?.description ?? '',
    })),
    body: fieldsOf(document, body),
    answers: Object.entries(operation.responses ?? {}).map(([status, answer]) => ({
      status,
      text: answer.description ?? '',
      fields: fieldsOf(document, schemaOf(answer.content)),
    })),
    example: exampleOf({ method, path, origin }, body !== undefined),
  }
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return content ? Object.values(content)[0]?.schema : undefined
}

function resolve(document: OpenApiDocument, schema: Schema | undefined): Schema {
  const name = schema?.$ref?.split('/').at(-1)
  if (name === undefined) return schema ?? {}
  return document.components?.schemas?.[name] ?? {}
}

function fieldsOf(document: OpenApiDocument, schema: Schema | undefined): Field[] {
  const { properties = {}, required = [] } = resolve(document, schema)
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeOf(document, property),
    required: required.includes(name),
    text: [property.description, limitsOf(property)].filter(Boolean).join(' '),
  }))
}

/** A type in a word or two: `string`, `Booking[]`, `"video" | "phone"`. */
function typeOf(document: OpenApiDocument, schema: Schema | undefined): string {
  if (!schema) return 'any'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.anyOf) return [...new Set(schema.anyOf.map((one) => typeOf(document, one)))].join(' | ')
  const { title, type, format, items } = schema.$ref === undefined ? schema : resolve(document, schema)
  if (items) return `${typeOf(document, items)}[]`
  return title ?? format ?? (Array.isArray(type) ? type.join(' | ') : (type ?? 'any'))
}

function limitsOf({ minimum, maximum, minLength, maxLength }: Schema): string {
  const range = (least: number | undefined, most: number | undefined, unit: string) =>
    least === undefined && most === undefined ? '' : `${String(least ?? '')}–${String(most ?? '')}${unit}`
  return [range(minimum, maximum, ''), range(minLength, maxLength, ' characters')].filter(Boolean).join(', ')
}

function exampleOf(
  { method, path, origin }: { method: string; path: string; origin: string },
  hasBody: boolean,
): string {
  const address = `${origin}${path.replace('{organization}', 'demo')}`
  const lines = [`curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}'${address}'`]
  if (method === 'post') lines.push(`-H "Idempotency-Key: $(uuidgen)"`)
  if (hasBody) lines.push(`-H 'Content-Type: application/json' --data @body.json`)
  return lines.join(' \\\n  ')
}

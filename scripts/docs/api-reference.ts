import type { Page } from './pages.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  const?: unknown
  enum?: unknown[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  additionalProperties?: boolean | Schema
}
type Content = Record<string, { schema?: Schema }>
type Operation = {
  operationId: string
  summary: string
  description?: string
  tags?: string[]
  parameters?: { in: string; name: string; required?: boolean; description?: string; schema: Schema }[]
  requestBody?: { content: Content }
  security?: Record<string, string[]>[]
  responses: Record<string, { description: string; content?: Content }>
}

/** The part of an OpenAPI 3.1 document that is read. */
export type OpenApi = {
  info: { title: string; version: string; description: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export type WrittenPage = Omit<Page, 'file'> & { text: string }

/** @returns a page for each group of operations, one for what they exchange, and one that leads to them */
export function apiPages(api: OpenApi): WrittenPage[] {
  const groups = api.tags.map((tag) => groupPage(api, tag))
  return [overview(api), ...groups, schemasPage(api)]
}

function overview(api: OpenApi): WrittenPage {
  const rows = api.tags.map(({ name, description }) => `| [${name}](/api/${slug(name)}.md) | ${description} |`)
  const text = [
    '# API reference',
    '',
    `*For developers who call the API, version ${api.info.version}.* ${api.info.description}`,
    '',
    '[Calling the API](/use/api.md) is the guide; [openapi.json](/openapi.json) is the same for programs.',
    '',
    '| operations on | what they are |',
    '| --- | --- |',
    ...rows,
    '| [Schemas](/api/schemas.md) | What requests and answers are made of. |',
  ]
  return { address: 'api/index.md', title: 'API reference', text: text.join('\n') }
}

function groupPage(api: OpenApi, { name, description }: OpenApi['tags'][number]): WrittenPage {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags?.includes(name))
      .map(([method, operation]) => operationText(method, path, operation)),
  )
  const text = [`# API: ${name}`, '', `*For developers who call the API.* ${description}`, '', ...operations]
  return { address: `api/${slug(name)}.md`, title: name, text: text.join('\n') }
}

function operationText(method: string, path: string, operation: Operation): string {
  const { operationId, summary, description, parameters = [], requestBody, responses, security } = operation
  const wanted = parameters.map(({ name, in: place, required, schema, description: what }) =>
    row(name, `${place}, ${typeOf(schema)}`, required, what ?? schema.description),
  )
  const answers = Object.entries(responses).map(([status, answer]) => {
    const schema = firstSchema(answer.content)
    const what = answer.description === 'Default Response' ? '' : answer.description
    return `| \`${status}\` | ${schema ? typeOf(schema) : 'nothing'} | ${cell(what)} |`
  })
  const body = firstSchema(requestBody?.content)
  return [
    `## ${summary} {#${operationId}}`,
    '',
    '```http',
    `${method.toUpperCase()} ${path}`,
    '```',
    '',
    ...(description ? [prose(description), ''] : []),
    accessOf(security),
    '',
    ...table('parameter', wanted),
    ...(body ? table('in the body', fieldRows(body)) : []),
    '| answer | what comes | when |',
    '| --- | --- | --- |',
    ...answers,
    '',
  ].join('\n')
}

/** OpenAPI: one of the requirements has to be met, and the empty one always is. */
function accessOf(security: Operation['security'] = [{}]): string {
  const isPublic = security.some((one) => Object.keys(one).length === 0)
  const ways = security.flatMap((one) =>
    Object.entries(one).map(([scheme, scopes]) =>
      scopes.length > 0
        ? `a key with the scope \`${scopes.join('`, `')}\``
        : scheme === 'session'
          ? 'a session'
          : 'a key',
    ),
  )
  const who = isPublic ? ['no account', ...ways] : ways
  return `Access: ${who.join(', or ')}.`
}

function schemasPage(api: OpenApi): WrittenPage {
  const sections = Object.entries(api.components.schemas).map(([name, schema]) => {
    const rows = fieldRows(schema)
    const whole = rows.length > 0 ? table('field', rows) : [`It is ${typeOf(schema)}.`, '']
    return [`## ${name}`, '', ...(schema.description ? [prose(schema.description), ''] : []), ...whole].join('\n')
  })
  const text = ['# API: schemas', '', '*For developers who call the API.* What requests and answers are made of.', '']
  return { address: 'api/schemas.md', title: 'Schemas', text: [...text, ...sections].join('\n') }
}

/** Fields of fields stand in the same table, with the way to them: `customer.email`. */
function fieldRows(schema: Schema, above = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${above}${name}`
    const inner = field.items ?? field
    const own = row(path, typeOf(field), schema.required?.includes(name), field.description)
    return [own, ...fieldRows(inner, `${path}${field.items ? '[]' : ''}.`)]
  })
}

function typeOf(schema: Schema): string {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return `[${name}](/api/schemas.md#${slug(name)})`
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')
  const several = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (several) return [...new Set(several.map(typeOf))].join(schema.allOf ? ' and ' : ' or ')
  if (schema.items) return `list of ${typeOf(schema.items)}`
  const types = [schema.type ?? 'anything'].flat().join(' or ')
  return schema.format ? `${types} (${schema.format})` : types
}

function row(name: string, type: string, isRequired: boolean | undefined, description = ''): string {
  return `| \`${name}\` | ${type}${isRequired ? ', required' : ''} | ${cell(description)} |`
}

function table(head: string, rows: string[]): string[] {
  return rows.length > 0 ? [`| ${head} | type | what it is |`, '| --- | --- | --- |', ...rows, ''] : []
}

const cell = (text: string) => prose(text).replaceAll('|', '\\|').replaceAll('\n', ' ')
/** Descriptions are plain text: nothing in them is markup. */
const prose = (text: string) => text.replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;')
const firstSchema = (content: Content | undefined) => Object.values(content ?? {})[0]?.schema
const slug = (name: string) => name.toLowerCase().replaceAll(' ', '-')

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Answer, Asked } from '../site/ask.ts'
import type { ApiDocument, Operation } from './document.ts'

/** What an answer must never have in it: how the server is made. */
const INSIDES: [string, RegExp][] = [
  ['a stack trace', /\bat (?:[\w.<>]+ \()?(?:file:\/\/|node:|\/)[^\s)]+:\d+:\d+/],
  ['a path of the server', /\/(?:node_modules|apps\/server|home|root|srv|tmp|work)\//],
  ['SQL', /\bselect [\w".*, ()]+ from ["\w]|\binsert into ["\w]|\bupdate "?\w+"? set "?\w+"? =|\bdelete from "?\w/i],
  ['an error of the database', /violates [\w-]+(?: \w+)? constraint|SQLSTATE|invalid input syntax/i],
  ['words of the database', /\b(?:relation|column|constraint) ["\\]+\w+|\bpg_(?!sleep)\w+|graphile_worker/],
  ['a hash of a password', /argon2id\$/],
]

export type JudgeOptions = {
  /** what this caller must not see */
  mustNotSee: string[]
  /** what nobody must see */
  secrets: string[]
}

/** What is wrong with an answer, each in words; what the caller has sent itself is no secret. */
export function faultsOf(asked: Asked, answer: Answer, { mustNotSee, secrets }: JudgeOptions): string[] {
  const { status, headers, text } = answer
  const sent = `${asked.path} ${String(asked.body ?? '')} ${JSON.stringify(asked.headers ?? {})}`
  const insides = INSIDES.filter(([, pattern]) => pattern.test(text) && !pattern.test(sent))
  const told = [...mustNotSee, ...secrets].filter((word) => text.includes(word) && !sent.includes(word))
  return [
    ...(status >= 500 ? [`it answered ${String(status)}`] : []),
    ...insides.map(([what]) => `it told ${what}`),
    ...told.map((word) => `it told ${secrets.includes(word) ? 'a secret' : `what ${word} keeps for itself`}`),
    ...(headers['x-content-type-options'] === 'nosniff' ? [] : ['it may be taken for something else: no nosniff']),
    ...((headers['x-powered-by'] ?? headers['server']) ? ['it says what it is made with'] : []),
  ]
}

/** Holds answers against the document: each status is one that it names, each body as it says. */
export function contractOf({ schemas }: ApiDocument) {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'document', components: { schemas } })
  const compiled = new Map<object, ValidateFunction>()
  const validatorOf = (schema: object) => {
    const known = compiled.get(schema)
    if (known) return known
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/')
    const made = ajv.compile(JSON.parse(text) as object)
    compiled.set(schema, made)
    return made
  }
  return (operation: Operation, { status, headers, text }: Answer): string[] => {
    const named = operation.responses[String(status)] ?? operation.responses[`${String(status)[0] ?? ''}XX`]
    if (!named) return [`it answered ${String(status)}, which the document does not name`]
    const { content } = named
    if (!content) return text === '' ? [] : [`its ${String(status)} has a body, which the document does not name`]
    const type = (headers['content-type'] ?? '').split(';')[0] ?? ''
    const described = content[type]
    if (!described)
      return [`its ${String(status)} is ${type || 'of no type'}, not ${Object.keys(content).join(' or ')}`]
    if (!type.endsWith('json') || type.includes('ndjson')) return []
    const validate = validatorOf(described.schema)
    return validate(parse(text))
      ? []
      : [`its ${String(status)} is not as described: ${ajv.errorsText(validate.errors)}`]
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from './document.ts'

/** Values that are known to mean something, by the name of what they are for. */
export type Words = Record<string, unknown[]>

/** Where lists and texts may be endless, they end here: the largest are sent on purpose, not by chance. */
const LIST_MAX = 4
const TEXT_MAX = 300

/** Values that a schema allows, those at its edges among them; often one that means something under this name. */
export function valuesOf(schema: Schema, words: Words, name = ''): Arbitrary<unknown> {
  const known = words[name]?.filter((word) => fits(schema, word))
  const made = madeOf(schema, words, name)
  if (known === undefined || known.length === 0 || schema.type === 'array' || schema.type === 'object') return made
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: made })
}

/** Of words for the same name some are for one operation, some for another. */
function fits({ type, format, pattern, enum: values }: Schema, word: unknown): boolean {
  if (values) return values.includes(word)
  if (typeof word !== 'string') return type === undefined || type === 'integer' || type === 'number'
  if (type !== undefined && type !== 'string') return false
  const isInstant = /T.*(?:Z|[+-]\d\d:\d\d)$/.test(word)
  if (format === 'date-time') return isInstant
  if (format === 'uuid') return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(word)
  return pattern === undefined || new RegExp(pattern).test(word)
}

function madeOf(schema: Schema, words: Words, name: string): Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((part) => valuesOf(part, words, name)))
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, words)
    case 'array':
      return listsOf(schema, words, name)
    case 'string':
      return textsOf(schema)
    case 'integer':
      return numbersOf(schema, (min, max) => fc.integer({ min, max }))
    case 'number':
      return numbersOf(schema, (min, max) => fc.double({ min, max, noNaN: true }))
    case 'boolean':
      return fc.boolean()
    default:
      return fc.constant(null)
  }
}

function objectsOf({ properties = {}, required = [], additionalProperties }: Schema, words: Words): Arbitrary<object> {
  const parts = Object.entries(properties).map(([name, part]) => [name, valuesOf(part, words, name)] as const)
  const own = recordsOf(Object.fromEntries(parts), required)
  if (typeof additionalProperties !== 'object' || parts.length > 0) return own
  return fc.dictionary(fc.stringMatching(/^[a-z_]{1,20}$/), valuesOf(additionalProperties, words), { maxKeys: 5 })
}

/** Mostly what must be there and little else, as people send it: the more there is, the more is refused for its sense. */
export function recordsOf(parts: Record<string, Arbitrary<unknown>>, required: string[]): Arbitrary<object> {
  const optional = Object.keys(parts).filter((name) => !required.includes(name))
  const few = fc.subarray(optional, { maxLength: Math.min(1, optional.length) }).chain((names) => {
    const chosen = Object.entries(parts).filter(([name]) => required.includes(name) || names.includes(name))
    return fc.record(Object.fromEntries(chosen))
  })
  return fc.oneof(few, few, few, fc.record(parts, { requiredKeys: required }))
}

function listsOf(schema: Schema, words: Words, name: string): Arbitrary<unknown[]> {
  const { items = {}, minItems = 0, maxItems = LIST_MAX, uniqueItems = false } = schema
  const item = valuesOf(items, words, name)
  const lengths = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, LIST_MAX)) }
  const selector = (value: unknown) => JSON.stringify(value)
  return uniqueItems ? fc.uniqueArray(item, { ...lengths, selector }) : fc.array(item, lengths)
}

const numbersOf = ({ minimum, maximum }: Schema, between: (min: number, max: number) => Arbitrary<number>) => {
  const [min, max] = [minimum ?? -1_000_000, maximum ?? 1_000_000]
  return fc.oneof(fc.constantFrom(min, max), between(min, Math.min(max, min + 200)), between(min, max))
}

function textsOf({ format, pattern, minLength = 0, maxLength = TEXT_MAX }: Schema): Arbitrary<string> {
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength
  if (format === 'uuid') return fc.uuid()
  if (format === 'email') return fc.emailAddress().filter(fits)
  if (format === 'date-time') return INSTANTS
  // Anything with a sign in it.
  if (pattern === undefined || pattern === '\\S') return anyTexts(minLength, maxLength, pattern !== undefined)
  return fc
    .stringMatching(new RegExp(pattern), { maxLength: Math.min(maxLength, TEXT_MAX), size: 'small' })
    .filter(fits)
}

function anyTexts(minLength: number, maxLength: number, isSaid: boolean): Arbitrary<string> {
  const max = Math.min(maxLength, TEXT_MAX)
  const made = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(max, minLength + 30) })
  const edges = fc.constantFrom('x'.repeat(Math.max(1, minLength)), 'x'.repeat(maxLength))
  return fc.oneof({ weight: 5, arbitrary: made }, { weight: 1, arbitrary: edges }).filter((text) => {
    return text.length <= maxLength && (!isSaid || /\S/.test(text))
  })
}

const INSTANTS = fc.oneof(
  fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  fc.constantFrom('0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999+14:00', '2026-03-29T02:30:00+01:00'),
)

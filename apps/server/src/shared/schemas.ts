import { Type, type Static, type TSchema } from 'typebox'

export const Uuid = Type.String({ format: 'uuid' })
export const Slug = Type.String({ minLength: 1, maxLength: 48, pattern: '^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$' })
export const LocalDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A calendar date, YYYY-MM-DD.' })
export const Instant = Type.String({
  format: 'date-time',
  maxLength: 40,
  description: 'RFC 3339 instant with an offset.',
})
export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'IANA time zone, such as Europe/Berlin.',
})
export const Locale = Type.String({ minLength: 2, maxLength: 35, pattern: '^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$' })
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code.' })
export const Colour = Type.String({ pattern: '^#[0-9a-f]{6}$' })
export const Email = Type.String({ format: 'email', minLength: 3, maxLength: 254 })
export const Name = Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' })

/** An object that takes no property it does not know. */
export const closed = { additionalProperties: false } as const

/** A part of an address, with what it names. */
export const described = <Schema extends TSchema>(schema: Schema, description: string): Schema => ({
  ...schema,
  description,
})

export const OrganizationSlug = described(Slug, 'The slug of the organization.')
export const OrganizationParams = Type.Object({ organization: OrganizationSlug })
export const EntityParams = Type.Object({
  organization: OrganizationSlug,
  id: described(Uuid, 'The id of what is meant.'),
})

export const PageQuery = {
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 400, description: 'nextCursor of the page before.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'Items on one page.' })),
}

/** A page of a list: the items, and where the next page begins when there is one. */
export const pageOf = <Item extends TSchema>(item: Item) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Optional(Type.String()) }, closed)

/** One of several times that cannot be had, and the nearest that can. */
export const RefusedTime = Type.Object(
  {
    start: Instant,
    reason: Type.String({ description: 'Why, as for a single time.' }),
    message: Type.String(),
    alternatives: Type.Array(Instant, { description: 'Free times, the nearest first.' }),
  },
  closed,
)

/** RFC 9457: what went wrong, in a form that programs and people can act on. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Stable address of the kind of problem, such as /problems/booking.slot_taken.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    code: Type.String({ description: 'The last part of type, such as booking.slot_taken.' }),
    requestId: Type.Optional(Type.String()),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), message: Type.String() }), {
        description: 'One entry for every field that must change.',
      }),
    ),
    alternatives: Type.Optional(
      Type.Array(Type.Object({ start: Instant, end: Instant, providers: Type.Array(Uuid) }), {
        description: 'The nearest free times, when the time asked for is not.',
      }),
    ),
    refused: Type.Optional(
      Type.Array(RefusedTime, {
        description: 'Of several times that were asked for together, those that are not free.',
      }),
    ),
  },
  { $id: 'Problem', title: 'Problem' },
)
export type Problem = Static<typeof Problem>

/** The responses that every operation may give besides its own. */
export const problemResponses = {
  '4xx': {
    description: 'The request cannot be fulfilled as it is.',
    content: { 'application/problem+json': { schema: Problem } },
  },
  '5xx': { description: 'The server failed.', content: { 'application/problem+json': { schema: Problem } } },
} as const

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 8,
      maxLength: 200,
      pattern: '^[\\x21-\\x7e]+$',
      description:
        'For 24 hours the same key with the same body gives the same answer; with another body it is refused.',
    }),
  ),
})

/** At most so much may start in a day, week or month. */
export const LimitRule = Type.Object(
  {
    per: Type.Union([Type.Literal('day'), Type.Literal('week'), Type.Literal('month')]),
    maxCount: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, description: 'So many appointments.' })),
    maxMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, description: 'So many minutes in all.' })),
  },
  { ...closed, minProperties: 2 },
)
export type LimitRule = Static<typeof LimitRule>

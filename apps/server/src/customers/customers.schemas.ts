import { Type, type Static } from 'typebox'
import { closed, described, Email, Instant, Locale, PageQuery, TimeZone, Uuid } from '../shared/schemas.ts'

const fields = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  email: Email,
  phone: Type.Union([Type.String({ maxLength: 40 }), Type.Null()]),
  notes: Type.String({ maxLength: 10_000 }),
}

export const CustomerView = Type.Object(
  {
    ...{ id: Uuid, ...fields, timeZone: TimeZone, locale: Locale, createdAt: Instant, bookingCount: Type.Integer() },
    erasedAt: described(
      Type.Union([Instant, Type.Null()]),
      'When the customer was erased: the name is a dash since, and the address leads nowhere.',
    ),
  },
  { ...closed, $id: 'Customer', title: 'Customer' },
)
export type CustomerView = Static<typeof CustomerView>

export const CustomerQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of a name or an email address.' })),
    ...PageQuery,
  },
  closed,
)
export type CustomerQuery = Static<typeof CustomerQuery>

export const CustomerPatch = Type.Partial(Type.Object(fields), { ...closed, minProperties: 1 })
export type CustomerPatch = Static<typeof CustomerPatch>

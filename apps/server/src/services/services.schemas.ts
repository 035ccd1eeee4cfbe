import { Type, type Static } from 'typebox'
import {
  closed,
  Colour,
  Currency,
  described,
  Name,
  OrganizationSlug,
  PageQuery,
  Slug,
  Uuid,
} from '../shared/schemas.ts'

export const Question = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9_]{1,40}$' }),
    label: Type.String({ minLength: 1, maxLength: 200 }),
    kind: Type.Union([
      Type.Literal('text'),
      Type.Literal('long_text'),
      Type.Literal('choice'),
      Type.Literal('checkbox'),
    ]),
    required: Type.Boolean(),
    choices: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 50 })),
  },
  closed,
)
export type Question = Static<typeof Question>

const rules = {
  durationsMin: Type.Array(Type.Integer({ minimum: 5, maximum: 1440 }), {
    minItems: 1,
    maxItems: 8,
    uniqueItems: true,
    description: 'The first is offered unless another is asked for.',
  }),
  stepMin: Type.Integer({ minimum: 5, maximum: 1440, description: 'Minutes between two starts.' }),
  bufferBeforeMin: Type.Integer({ minimum: 0, maximum: 1440 }),
  bufferAfterMin: Type.Integer({ minimum: 0, maximum: 1440 }),
  noticeMin: Type.Integer({
    minimum: 0,
    maximum: 525_600,
    description: 'Minutes between booking and start, at least.',
  }),
  windowDays: Type.Integer({ minimum: 1, maximum: 730, description: 'How many days ahead one can book.' }),
  capacity: Type.Integer({
    minimum: 1,
    maximum: 1000,
    description: 'Seats of one session; 1 is an ordinary appointment.',
  }),
  cancelNoticeMin: Type.Integer({ minimum: 0, maximum: 525_600 }),
  rescheduleNoticeMin: Type.Integer({ minimum: 0, maximum: 525_600 }),
  priceMinor: Type.Integer({ minimum: 0, maximum: 100_000_000_000, description: 'In minor units of the currency.' }),
}

const look = {
  name: Name,
  description: Type.String({ maxLength: 2000 }),
  colour: Colour,
  questions: Type.Array(Question, { maxItems: 20 }),
  providers: Type.Array(Uuid, {
    minItems: 1,
    maxItems: 200,
    uniqueItems: true,
    description: 'Who can serve it: one of them.',
  }),
  resources: Type.Array(Uuid, {
    maxItems: 100,
    uniqueItems: true,
    description: 'One of these is needed too; empty for none.',
  }),
  hidden: Type.Boolean(),
  position: Type.Integer({ minimum: 0, maximum: 100_000 }),
}

const links = {
  scheduleId: Type.Union([Uuid, Type.Null()], {
    description: 'Hours of the service itself, on top of those of who serves it.',
  }),
  locationId: Type.Union([Uuid, Type.Null()]),
}

/** What everybody may know of a service. */
export const ServiceView = Type.Object(
  {
    id: Uuid,
    slug: Slug,
    ...rules,
    ...look,
    currency: Currency,
    providers: Type.Array(Type.Object({ id: Uuid, name: Name, title: Type.String(), colour: Colour }, closed)),
    location: Type.Union([
      Type.Null(),
      Type.Object(
        {
          kind: Type.Union([Type.Literal('address'), Type.Literal('phone'), Type.Literal('video')]),
          name: Name,
          detail: Type.String(),
        },
        closed,
      ),
    ]),
    ...links,
  },
  { ...closed, $id: 'Service', title: 'Service' },
)
export type ServiceView = Static<typeof ServiceView>

/** A service with everything that its free times and its bookings depend on. Inactive people and things are left out. */
export type ServiceOffer = Omit<ServiceView, 'providers' | 'resources' | 'description' | 'position' | 'locationId'> & {
  hidden: boolean
  active: boolean
  /** in the order in which the business shows them */
  providers: { id: string; name: string; email: string | null; scheduleId: string; colour: string }[]
  resources: { id: string; name: string; quantity: number }[]
}

export const ServicesQuery = Type.Object(
  {
    hidden: Type.Optional(
      Type.Boolean({ description: 'Lists those too that the booking page does not show; for members.' }),
    ),
    ...PageQuery,
  },
  closed,
)
export type ServicesQuery = Static<typeof ServicesQuery>

export const ServiceIdParams = Type.Object({
  organization: OrganizationSlug,
  service: described(Uuid, 'The id of the service.'),
})

export const ServiceParams = Type.Object({
  organization: OrganizationSlug,
  service: Type.String({ minLength: 1, maxLength: 48, description: 'The slug or the id of the service.' }),
})

const required = Type.Object({ slug: Slug, name: Name, durationsMin: rules.durationsMin, providers: look.providers })

export const ServiceCreate = Type.Object(
  {
    ...Type.Partial(Type.Object({ ...rules, ...look, ...links, currency: Currency })).properties,
    ...required.properties,
  },
  closed,
)
export type ServiceCreate = Static<typeof ServiceCreate>

export const ServicePatch = Type.Partial(Type.Object({ slug: Slug, ...rules, ...look, ...links, currency: Currency }), {
  ...closed,
  minProperties: 1,
})
export type ServicePatch = Static<typeof ServicePatch>

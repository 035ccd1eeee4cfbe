import { Type, type Static } from 'typebox'
import {
  closed,
  Colour,
  Currency,
  described,
  LimitRule,
  LocalDate,
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

const ServiceLimit = Type.Object(
  {
    ...LimitRule.properties,
    of: Type.Union([Type.Literal('service'), Type.Literal('customer')], {
      description: 'Of the service altogether, or for one customer.',
    }),
  },
  { ...closed, minProperties: 3 },
)
export type ServiceLimit = Static<typeof ServiceLimit>

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
  stepOffsetMin: Type.Integer({
    minimum: 0,
    maximum: 1440,
    description: 'The first start is so many minutes after what starts are counted from.',
  }),
  stepFrom: Type.Union([Type.Literal('window'), Type.Literal('midnight')], {
    description: 'Starts are counted from the beginning of the hours, or from midnight.',
  }),
  windowKind: Type.Union([Type.Literal('days'), Type.Literal('business_days'), Type.Literal('range')], {
    description: 'How far ahead one can book: so many days, so many business days, or from one date to another.',
  }),
  windowDays: Type.Integer({ minimum: 1, maximum: 730, description: 'How many days ahead one can book.' }),
  windowFrom: Type.Union([LocalDate, Type.Null()], { description: 'First date of the window of the kind range.' }),
  windowTo: Type.Union([LocalDate, Type.Null()], { description: 'Last date of the window of the kind range.' }),
  usefulGapMin: Type.Union([Type.Integer({ minimum: 1, maximum: 1440 }), Type.Null()], {
    description: 'Offer only starts that leave the least gaps shorter than this; null offers all.',
  }),
  firstOfDay: Type.Boolean({ description: 'Offer only the first free time of each day.' }),
  limits: Type.Array(ServiceLimit, { maxItems: 12 }),
  capacity: Type.Integer({
    minimum: 1,
    maximum: 1000,
    description: 'Seats of one session; 1 is an ordinary appointment.',
  }),
  cancelNoticeMin: Type.Integer({ minimum: 0, maximum: 525_600 }),
  rescheduleNoticeMin: Type.Integer({ minimum: 0, maximum: 525_600 }),
  approval: Type.Union([Type.Literal('none'), Type.Literal('blocking'), Type.Literal('open')], {
    description:
      'Booked at once, or on request: a blocking request takes its time until it is decided, an open one leaves it to others.',
  }),
  noShowLimit: Type.Union([Type.Integer({ minimum: 1, maximum: 100 }), Type.Null()], {
    description: 'Who missed so many appointments within a year can only ask for one; null for never.',
  }),
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
    segmentsMin: Type.Array(Type.Integer(), {
      description: 'Lengths of the segments of an appointment; empty where it has one.',
    }),
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

const Subject = Type.Object(
  {
    id: Uuid,
    weight: Type.Integer({ minimum: 1, maximum: 100, description: 'Share of the work, where it goes by turns.' }),
    priority: Type.Integer({ minimum: 0, maximum: 100, description: 'Higher goes first, where it goes by turns.' }),
  },
  closed,
)

const RequirementView = Type.Object(
  {
    kind: Type.Union([Type.Literal('provider'), Type.Literal('resource')]),
    count: Type.Integer({ minimum: 1, maximum: 20, description: 'How many of the subjects are needed at once.' }),
    assign: Type.Union([Type.Literal('in_order'), Type.Literal('by_turn')], {
      description: 'Who serves, of those who are free: the first, or whose turn it is.',
    }),
    fairDays: Type.Integer({
      minimum: 1,
      maximum: 366,
      description: 'Turns count the work of so many days before and after.',
    }),
    subjects: Type.Array(Subject, { minItems: 1, maxItems: 200 }),
  },
  closed,
)
type RequirementView = Static<typeof RequirementView>

/** A requirement as it is kept: which one of the service it is, and of which segment. */
export type RequirementRow = RequirementView & { position: number; segment: number }

/** Who and what an appointment needs, segment by segment. The first requirement of the first is of providers, and leads. */
export const RequirementsView = Type.Object(
  {
    segments: Type.Array(
      Type.Object(
        {
          lengthMin: Type.Union([Type.Integer({ minimum: 5, maximum: 1440 }), Type.Null()], {
            description: 'Null for the only segment, which lasts as long as the appointment.',
          }),
          requirements: Type.Array(RequirementView, { maxItems: 8 }),
        },
        closed,
      ),
      { minItems: 1, maxItems: 8 },
    ),
  },
  { ...closed, $id: 'Requirements', title: 'Requirements' },
)
export type RequirementsView = Static<typeof RequirementsView>

/** Somebody or something that can meet a requirement. What only people or only things have is null for the other. */
export type OfferSubject = {
  id: string
  name: string
  email: string | null
  colour: string | null
  scheduleId: string | null
  limits: LimitRule[] | null
  quantity: number
  setUpMin: number
  cleanUpMin: number
  weight: number
  priority: number
}

/** So many of these at once, in one segment of an appointment. */
export type OfferRequirement = Pick<RequirementView, 'kind' | 'count' | 'assign' | 'fairDays'> & {
  segment: number
  /** in the order in which the business shows them */
  subjects: OfferSubject[]
}

/** A service with everything that its free times and its bookings depend on. Inactive people and things are left out. */
export type ServiceOffer = Omit<ServiceView, 'providers' | 'resources' | 'description' | 'position' | 'locationId'> & {
  hidden: boolean
  active: boolean
  /** in the order of their segments; the first one leads */
  requirements: OfferRequirement[]
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

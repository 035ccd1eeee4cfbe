import { Type, type Static } from 'typebox'
import {
  closed,
  Currency,
  described,
  Email,
  Instant,
  Locale,
  Name,
  PageQuery,
  Slug,
  TimeZone,
  Uuid,
} from '../shared/schemas.ts'

const PersonName = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
export const ServiceRef = Type.String({
  minLength: 1,
  maxLength: 48,
  description: 'The slug or the id of the service.',
})
export const DurationMin = Type.Integer({
  minimum: 1,
  maximum: 1440,
  description: 'Minutes; one of the durations of the service.',
})
export const Seats = Type.Integer({ minimum: 1, maximum: 1000 })
const Token = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'The token of the link that came with the booking.',
})

export const BookingState = Type.Union([
  Type.Literal('pending'),
  Type.Literal('confirmed'),
  Type.Literal('cancelled'),
  Type.Literal('completed'),
  Type.Literal('no_show'),
])
export type BookingState = Static<typeof BookingState>

export const Answers = Type.Record(
  Type.String({ pattern: '^[a-z0-9_]{1,40}$' }),
  Type.Union([Type.String({ maxLength: 2000 }), Type.Boolean()]),
  { maxProperties: 20, description: 'Answers to the questions of the service, by the id of the question.' },
)

/** Who books, as they say of themselves. */
export const CustomerInput = Type.Object(
  {
    name: PersonName,
    email: Email,
    phone: Type.Optional(Type.String({ maxLength: 40, pattern: '^[+0-9 ()./-]*$' })),
    timeZone: Type.Optional(TimeZone),
    locale: Type.Optional(Locale),
  },
  closed,
)

export const BookingCreate = Type.Object(
  {
    service: ServiceRef,
    start: Instant,
    duration: Type.Optional(DurationMin),
    provider: Type.Optional(Uuid),
    seats: Type.Optional(Seats),
    hold: Type.Optional(Uuid),
    customer: CustomerInput,
    answers: Type.Optional(Answers),
    attendees: Type.Optional(
      Type.Array(Type.Object({ name: Type.Optional(PersonName), email: Email }, closed), { maxItems: 50 }),
    ),
    override: Type.Optional(
      Type.Boolean({ description: 'Members with the right may book a time that is not offered. It is audited.' }),
    ),
  },
  closed,
)
export type BookingCreate = Static<typeof BookingCreate>

/** What the customer sees through the link, and what every other view of a booking begins with. */
export const BookingView = Type.Object(
  {
    id: Uuid,
    state: BookingState,
    organization: Type.Object({ slug: Slug, name: Name, timeZone: TimeZone }, closed),
    service: Type.Object({ id: Uuid, slug: Slug, name: Name, colour: Type.String() }, closed),
    provider: Type.Object({ id: Uuid, name: Name }, closed),
    location: Type.Union([
      Type.Null(),
      Type.Object({ kind: Type.String(), name: Name, detail: Type.String() }, closed),
    ]),
    customer: Type.Object({ name: PersonName, email: Type.String() }, closed),
    start: Instant,
    end: Instant,
    timeZone: TimeZone,
    seats: Type.Integer(),
    priceMinor: Type.Integer(),
    currency: Currency,
    canCancel: Type.Boolean({ description: 'The policy still lets the customer cancel.' }),
    canReschedule: Type.Boolean({ description: 'The policy still lets the customer move it.' }),
    cancelledBy: Type.Optional(
      Type.Union([Type.Literal('customer'), Type.Literal('member'), Type.Literal('system')], {
        description: 'The system cancels requests that nobody decided in time.',
      }),
    ),
    createdAt: Instant,
  },
  { ...closed, $id: 'Booking', title: 'Booking' },
)
export type BookingView = Static<typeof BookingView>

export const BookingCreated = Type.Object(
  {
    booking: BookingView,
    manageUrl: Type.String({ description: 'Page on which the customer changes the booking.' }),
    token: Type.String(),
  },
  { ...closed, $id: 'BookingCreated', title: 'BookingCreated' },
)
export type BookingCreated = Static<typeof BookingCreated>

/** What members see of a booking. */
export const BookingDetail = Type.Object(
  {
    ...BookingView.properties,
    customerId: Uuid,
    phone: Type.Union([Type.String(), Type.Null()]),
    resources: Type.Array(Type.Object({ id: Uuid, name: Name, unit: Type.Integer() }, closed)),
    answers: Answers,
    attendees: Type.Array(Type.Object({ name: Type.Optional(Type.String()), email: Type.String() })),
    source: Type.Union([Type.Literal('public'), Type.Literal('member')]),
    cancelReason: Type.Optional(Type.String()),
    cancelledLate: Type.Optional(
      Type.Boolean({ description: 'Cancelled when the policy no longer lets customers cancel.' }),
    ),
    claimsTime: Type.Boolean({
      description: 'False for a request that leaves its time to others until it is approved.',
    }),
    checkedInAt: Type.Optional(Instant),
    bundleId: Type.Optional(described(Uuid, 'The series or visit it was booked with.')),
  },
  { ...closed, $id: 'BookingDetail', title: 'BookingDetail' },
)
export type BookingDetail = Static<typeof BookingDetail>

export const BookingListQuery = Type.Object(
  {
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
    provider: Type.Optional(described(Uuid, 'Only bookings of this provider.')),
    customer: Type.Optional(described(Uuid, 'Only bookings of this customer.')),
    state: Type.Optional(described(BookingState, 'Only bookings in this state.')),
    ...PageQuery,
  },
  closed,
)
export type BookingListQuery = Static<typeof BookingListQuery>

export const BookingMove = Type.Object(
  {
    start: Instant,
    provider: Type.Optional(Uuid),
    duration: Type.Optional(DurationMin),
    override: Type.Optional(
      Type.Boolean({ description: 'Members with the right may move to a time that is not offered. It is audited.' }),
    ),
  },
  closed,
)
export type BookingMove = Static<typeof BookingMove>

/** For how many people a booking is to be from now on. */
export const SeatsChange = Type.Object({ seats: Seats }, closed)

/** Where some of the people of a booking go, as a booking of their own. */
export const BookingSplit = Type.Object(
  {
    seats: described(Seats, 'How many of them go; fewer than the booking has.'),
    start: Instant,
    provider: Type.Optional(Uuid),
  },
  closed,
)
export type BookingSplit = Static<typeof BookingSplit>

export const BookingCancel = Type.Object(
  { reason: Type.Optional(Type.String({ maxLength: 1000, description: 'Why; the other side is told.' })) },
  closed,
)
export type BookingCancel = Static<typeof BookingCancel>

export const LinkParams = Type.Object({ id: described(Uuid, 'The id of the booking.') })
export const LinkQuery = Type.Object({ token: Token }, closed)
export const CancelQuery = Type.Object({ token: Token, ...BookingCancel.properties }, closed)

/** To whom a booking is given. */
export const BookingReassign = Type.Object(
  { provider: Type.Optional(described(Uuid, 'Somebody else who serves it; whoever is free, when nobody is named.')) },
  closed,
)

/** Whose bookings are to be given to others, and over which span. */
export const ReassignAll = Type.Object({ from: Instant, to: Instant }, closed)

/** What became of every booking of the provider in the span. */
export const ReassignedAll = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          booking: Uuid,
          start: Instant,
          provider: Type.Union([Uuid, Type.Null()], { description: 'Who has it now; null when nobody else is free.' }),
        },
        closed,
      ),
    ),
  },
  { ...closed, $id: 'ReassignedAll', title: 'ReassignedAll' },
)
export type ReassignedAll = Static<typeof ReassignedAll>

export const HoldCreate = Type.Object(
  {
    service: ServiceRef,
    start: Instant,
    duration: Type.Optional(DurationMin),
    provider: Type.Optional(Uuid),
    seats: Type.Optional(Seats),
  },
  closed,
)
export type HoldCreate = Static<typeof HoldCreate>

export const HoldView = Type.Object(
  { id: Uuid, start: Instant, end: Instant, provider: Uuid, expiresAt: Instant },
  { ...closed, $id: 'Hold', title: 'Hold' },
)
export type HoldView = Static<typeof HoldView>

/** A hold as whoever knows its id may look at it. */
export const HoldDetail = Type.Object(
  {
    ...HoldView.properties,
    service: Uuid,
    seats: Type.Integer(),
    canExtend: Type.Boolean({ description: 'It was not extended before.' }),
  },
  { ...closed, $id: 'HoldDetail', title: 'HoldDetail' },
)
export type HoldDetail = Static<typeof HoldDetail>

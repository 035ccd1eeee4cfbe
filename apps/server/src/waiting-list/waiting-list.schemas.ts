import { Type, type Static } from 'typebox'
import { BookingCreate, BookingView } from '../bookings/bookings.schemas.ts'
import { closed, described, Instant, LocalDate, Name, PageQuery, TimeZone, Uuid } from '../shared/schemas.ts'

const { customer, service, seats, duration } = BookingCreate.properties

const Weekdays = Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
  ...{ minItems: 1, maxItems: 7, uniqueItems: true },
  description: 'ISO 8601: Monday is 1. All of them when left out.',
})
const Providers = Type.Array(Uuid, {
  ...{ maxItems: 20, uniqueItems: true },
  description: 'One of these serves; whoever is free when there are none.',
})
const FromTime = Type.String({
  pattern: '^(?:[01]\\d|2[0-3]):[0-5]\\d$',
  description: 'The appointment begins at this time of the day or later.',
})
const UntilTime = Type.String({
  pattern: '^(?:(?:[01]\\d|2[0-3]):[0-5]\\d|24:00)$',
  description: 'The appointment begins before this time of the day.',
})

export const WishCreate = Type.Object(
  {
    service,
    from: described(LocalDate, 'First date, in the time zone of the organization.'),
    until: described(LocalDate, 'Last date.'),
    weekdays: Type.Optional(Weekdays),
    fromTime: Type.Optional(FromTime),
    untilTime: Type.Optional(UntilTime),
    providers: Type.Optional(Providers),
    duration,
    seats,
    customer: Type.Object(
      {
        name: customer.properties.name,
        email: customer.properties.email,
        timeZone: customer.properties.timeZone,
        locale: customer.properties.locale,
      },
      closed,
    ),
  },
  closed,
)
export type WishCreate = Static<typeof WishCreate>

/** Whoever is booked, and wants to come earlier, says no more than they must. */
export const EarlierCreate = Type.Object(
  {
    from: Type.Optional(described(LocalDate, 'First date; today when left out.')),
    weekdays: Type.Optional(Weekdays),
    fromTime: Type.Optional(FromTime),
    untilTime: Type.Optional(UntilTime),
    providers: Type.Optional(Providers),
  },
  closed,
)
export type EarlierCreate = Static<typeof EarlierCreate>

export const WishState = Type.Union([
  ...([Type.Literal('waiting'), Type.Literal('offered'), Type.Literal('taken')] as const),
  ...([Type.Literal('withdrawn'), Type.Literal('expired')] as const),
])
export type WishState = Static<typeof WishState>

const Person = Type.Object({ id: Uuid, name: Name }, closed)

const Offer = { start: Instant, end: Instant, provider: Person, expiresAt: Instant }

/** What whoever has the link sees. */
export const WishView = Type.Object(
  {
    id: Uuid,
    state: WishState,
    organization: BookingView.properties.organization,
    service: BookingView.properties.service,
    providers: Type.Array(Person),
    from: LocalDate,
    until: LocalDate,
    weekdays: Weekdays,
    fromTime: FromTime,
    untilTime: UntilTime,
    duration: Type.Integer({ description: 'Minutes' }),
    seats: Type.Integer(),
    customer: BookingView.properties.customer,
    timeZone: described(TimeZone, 'Of the customer.'),
    earlierThan: Type.Union([Instant, Type.Null()], {
      description: 'When the booking begins that is to move to an earlier time; null when nothing is booked yet.',
    }),
    offer: Type.Union([Type.Object(Offer, closed), Type.Null()], {
      description: 'A time that is kept for them until it expires.',
    }),
    createdAt: Instant,
  },
  { ...closed, $id: 'Wish', title: 'Wish' },
)
export type WishView = Static<typeof WishView>

export const WishCreated = Type.Object(
  {
    wish: WishView,
    url: Type.String({ description: 'Page on which the customer sees the wish and its offers.' }),
    token: Type.String(),
  },
  { ...closed, $id: 'WishCreated', title: 'WishCreated' },
)
export type WishCreated = Static<typeof WishCreated>

export const WishTake = Type.Object({ answers: BookingCreate.properties.answers }, closed)
export type WishTake = Static<typeof WishTake>

export const WishTaken = Type.Object(
  { wish: WishView, manageUrl: Type.String({ description: 'Page on which the customer changes the booking.' }) },
  { ...closed, $id: 'WishTaken', title: 'WishTaken' },
)
export type WishTaken = Static<typeof WishTaken>

export const OfferState = Type.Union([
  ...([Type.Literal('open'), Type.Literal('taken'), Type.Literal('lapsed'), Type.Literal('declined')] as const),
])
export type OfferState = Static<typeof OfferState>

/** What members see of a wish. */
export const WishDetail = Type.Object(
  {
    ...WishView.properties,
    customerId: Uuid,
    earlierId: Type.Union([Uuid, Type.Null()], { description: 'The booking that is to move.' }),
    bookingId: Type.Union([Uuid, Type.Null()], { description: 'The booking that came of it.' }),
    offers: Type.Array(Type.Object({ ...Offer, offeredAt: Instant, state: OfferState }, closed), {
      description: 'All that were made, the first one first.',
    }),
  },
  { ...closed, $id: 'WishDetail', title: 'WishDetail' },
)
export type WishDetail = Static<typeof WishDetail>

export const WishListQuery = Type.Object(
  {
    state: Type.Optional(described(WishState, 'Only wishes in this state.')),
    service: Type.Optional(described(Uuid, 'Only wishes for this service.')),
    ...PageQuery,
  },
  closed,
)
export type WishListQuery = Static<typeof WishListQuery>

export const WishParams = Type.Object({ id: described(Uuid, 'The id of the wish.') })
export const WishLinkQuery = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 200, description: 'The token of the link in the mail.' }) },
  closed,
)

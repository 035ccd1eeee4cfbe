import { Type, type Static } from 'typebox'
import { SeriesTimes } from '../availability/series.schemas.ts'
import { closed, described, Instant, LocalDate, RefusedTime, TimeZone, Uuid } from '../shared/schemas.ts'
import {
  Answers,
  BookingDetail,
  BookingView,
  CustomerInput,
  DurationMin,
  Seats,
  ServiceRef,
} from './bookings.schemas.ts'

const optional = Type.Optional

/** Times that are booked as one, or left to be. */
export const SeriesCreate = Type.Object(
  {
    ...SeriesTimes,
    provider: optional(
      described(Uuid, 'Who is to serve all of them; as many as possible by one, when nobody is named.'),
    ),
    duration: optional(DurationMin),
    seats: optional(Seats),
    instead: optional(
      Type.Array(Type.Object({ start: Instant, instead: Instant }, closed), {
        maxItems: 104,
        description: 'Other times that were chosen for some of them.',
      }),
    ),
    onConflict: optional(
      Type.Union([Type.Literal('refuse'), Type.Literal('skip'), Type.Literal('nearest')], {
        default: 'refuse',
        description:
          'What to do when some are not free: book nothing (refuse), leave those out (skip), or take the nearest free time for each (nearest).',
      }),
    ),
    customer: CustomerInput,
    answers: optional(Answers),
  },
  closed,
)
export type SeriesCreate = Static<typeof SeriesCreate>

export const SeriesCreated = Type.Object(
  {
    id: Uuid,
    bookings: Type.Array(BookingView),
    left: Type.Array(RefusedTime, { description: 'Times that were left out, or booked at another time.' }),
  },
  { ...closed, $id: 'SeriesCreated', title: 'SeriesCreated' },
)
export type SeriesCreated = Static<typeof SeriesCreated>

const VisitChoice = {
  service: ServiceRef,
  provider: optional(Uuid),
  duration: optional(DurationMin),
}

const Gap = Type.Integer({
  minimum: 0,
  maximum: 240,
  description: 'Minutes that may pass between two services, at most; 30 by default.',
})

const VISIT_ITEMS = { minItems: 2, maxItems: 5, description: 'The services, in their order.' }

/** Several services one after another. */
export const VisitCreate = Type.Object(
  {
    items: Type.Array(Type.Object({ ...VisitChoice, answers: optional(Answers) }, closed), VISIT_ITEMS),
    start: described(Instant, 'When the first of them begins.'),
    gapMin: optional(Gap),
    customer: CustomerInput,
  },
  closed,
)
export type VisitCreate = Static<typeof VisitCreate>
export type VisitItem = Omit<VisitCreate['items'][number], 'answers'>

/** A visit as its answer is remembered. */
export const VisitAnswer = Type.Object({ id: Uuid, bookings: Type.Array(BookingView) }, closed)
export type VisitAnswer = Static<typeof VisitAnswer>

export const VisitCreated = Type.Object(
  {
    ...VisitAnswer.properties,
    manageUrl: Type.String({
      description: 'Page on which the customer changes the first booking, and finds the others.',
    }),
    token: Type.String(),
  },
  { ...closed, $id: 'VisitCreated', title: 'VisitCreated' },
)
export type VisitCreated = Static<typeof VisitCreated>

export const VisitQuery = Type.Object(
  {
    items: Type.Array(Type.Object(VisitChoice, closed), VISIT_ITEMS),
    from: described(LocalDate, 'The first day, YYYY-MM-DD.'),
    to: described(LocalDate, 'The last day, YYYY-MM-DD; within a week.'),
    timeZone: optional(TimeZone),
    gapMin: optional(Gap),
  },
  closed,
)
export type VisitQuery = Static<typeof VisitQuery>

export const VisitSlots = Type.Object(
  {
    timeZone: TimeZone,
    visits: Type.Array(
      Type.Object(
        {
          start: Instant,
          end: Instant,
          parts: Type.Array(Type.Object({ service: Uuid, provider: Uuid, start: Instant, end: Instant }, closed)),
        },
        closed,
      ),
      { description: 'Every start at which the whole visit fits, with the times of its services.' },
    ),
  },
  { ...closed, $id: 'VisitSlots', title: 'VisitSlots' },
)
export type VisitSlots = Static<typeof VisitSlots>

/** Bookings that were made together, as their customer sees them. */
export const LinkedBundle = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        { booking: BookingView, manageUrl: Type.String({ description: 'Where the customer changes it.' }) },
        closed,
      ),
      { description: 'In the order of their starts; empty when the booking was made alone.' },
    ),
  },
  { ...closed, $id: 'LinkedBundle', title: 'LinkedBundle' },
)
export type LinkedBundle = Static<typeof LinkedBundle>

/** Bookings that were made together, as members see them. */
export const BundleView = Type.Object(
  {
    id: Uuid,
    kind: Type.Union([Type.Literal('series'), Type.Literal('visit')]),
    rule: optional(Type.String({ description: 'How a series repeats, by RFC 5545.' })),
    bookings: Type.Array(BookingDetail, { description: 'In the order of their starts.' }),
  },
  { ...closed, $id: 'Bundle', title: 'Bundle' },
)
export type BundleView = Static<typeof BundleView>

const Which = {
  from: described(Uuid, 'The booking that is meant, or with which it begins.'),
  scope: Type.Union([Type.Literal('following'), Type.Literal('all')], {
    description: 'This one and those after it, or all that are still to come.',
  }),
}

export const BundleCancel = Type.Object(
  { ...Which, reason: optional(Type.String({ maxLength: 1000, description: 'Why; the other side is told.' })) },
  closed,
)
export type BundleCancel = Static<typeof BundleCancel>

export const BundleMove = Type.Object(
  {
    ...Which,
    start: described(Instant, 'Where the booking goes. The others move by as many days and minutes of the clock.'),
    provider: optional(Uuid),
  },
  closed,
)
export type BundleMove = Static<typeof BundleMove>

import type { Statement } from '../db/batch.ts'
import { BOOKING_CHANGED, SEATS_TAKEN } from './booking-statements.queries.ts'

/** How many seats a booking has from now on, and what they cost. */
export type SeatCount = { seats: number; priceMinor: number }

/** Changes how many seats a booking says it has; ends the batch with BOOKING_CHANGED unless it is as it was read. */
export function recountSeats(
  organizationId: string,
  { id, sequence }: { id: string; sequence: number },
  { seats, priceMinor }: SeatCount,
): Statement {
  const values = [organizationId, id, sequence, seats, priceMinor, BOOKING_CHANGED]
  return { name: 'recount_seats', text: RECOUNT_SEATS, values }
}

const RECOUNT_SEATS = `
  with changed as (
    update booking set seats = $4, price_minor = $5, sequence = sequence + 1
    where organization_id = $1 and id = $2 and sequence = $3 and state in ('pending', 'confirmed')
    returning 1
  )
  select fail_unless((select count(*) from changed) = 1, $6)`

/** Frees the highest seats of a booking. */
export function freeSeats(organizationId: string, bookingId: string, count: number): Statement {
  return { name: 'free_seats', text: FREE_SEATS, values: [organizationId, bookingId, count] }
}

const FREE_SEATS = `
  delete from seat where organization_id = $1 and booking_id = $2 and number in (
    select number from seat where organization_id = $1 and booking_id = $2 order by number desc limit $3
  )`

/** Takes the lowest free seats of the booking's own session; ends the batch with SEATS_TAKEN when they are too few. */
export function takeMoreSeats(organizationId: string, bookingId: string, count: number): Statement {
  return { name: 'take_more_seats', text: TAKE_MORE_SEATS, values: [organizationId, bookingId, count, SEATS_TAKEN] }
}

const TAKE_MORE_SEATS = `
  with own as (
    select distinct session_id from seat where organization_id = $1 and booking_id = $2
  ), free as (
    select s.id as session_id, number
    from own join group_session s on s.organization_id = $1 and s.id = own.session_id
    cross join lateral generate_series(1, s.capacity) as number
    where not exists (select from seat where seat.organization_id = $1 and seat.session_id = s.id and seat.number = number.number)
    order by number limit $3
  ), taken as (
    insert into seat (organization_id, session_id, number, booking_id)
    select $1, session_id, number, $2 from free
    returning number
  )
  select fail_unless((select count(*) from taken) = $3, $4)`

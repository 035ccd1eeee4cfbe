import type { Statement } from '../db/batch.ts'
import { BOOKING_CHANGED } from './booking-statements.queries.ts'

type Seen = { id: string; sequence: number }

/** Takes a step; ends the batch with BOOKING_CHANGED unless the booking is as it was read. */
export function stepBooking(
  organizationId: string,
  { id, sequence }: Seen,
  { from, to }: { from: string; to: string },
): Statement {
  return { name: 'step_booking', text: STEP, values: [organizationId, id, sequence, from, to, BOOKING_CHANGED] }
}

// The sequence is that of the invitation, which says nothing of how it went; who missed an appointment was not there.
const STEP = `
  with changed as (
    update booking set state = $5, checked_in_at = case $5 when 'completed' then checked_in_at end
    where organization_id = $1 and id = $2 and sequence = $3 and state = $4
    returning 1
  )
  select fail_unless((select count(*) from changed) = 1, $6)`

/** Notes when the customer came; the first time stays. Ends the batch with BOOKING_CHANGED as `stepBooking`. */
export function checkInBooking(organizationId: string, { id, sequence }: Seen, nowMs: number): Statement {
  return { name: 'check_in', text: CHECK_IN, values: [organizationId, id, sequence, nowMs / 1000, BOOKING_CHANGED] }
}

const CHECK_IN = `
  with changed as (
    update booking set checked_in_at = coalesce(checked_in_at, to_timestamp($4))
    where organization_id = $1 and id = $2 and sequence = $3 and state = 'confirmed'
    returning 1
  )
  select fail_unless((select count(*) from changed) = 1, $5)`

/** Confirms a request, which has its time from now on. Ends the batch with BOOKING_CHANGED as `stepBooking`. */
export function confirmBooking(
  organizationId: string,
  { id, sequence }: Seen,
  { providerId }: { providerId: string },
): Statement {
  return { name: 'confirm_booking', text: CONFIRM, values: [organizationId, id, sequence, providerId, BOOKING_CHANGED] }
}

const CONFIRM = `
  with changed as (
    update booking set state = 'confirmed', claims_time = true, provider_id = $4, sequence = sequence + 1
    where organization_id = $1 and id = $2 and sequence = $3 and state = 'pending'
    returning 1
  )
  select fail_unless((select count(*) from changed) = 1, $5)`

import { toInstantText } from '../shared/clock.ts'
import type { ServiceOffer } from '../services/services.schemas.ts'
import { customerRights } from './bookings.rules.ts'
import type { BookingDetail, BookingState, BookingView } from './bookings.schemas.ts'

/** What is known of a booking, from the database or as it was just made. */
export type BookingFacts = {
  id: string
  state: BookingState
  organization: { slug: string; name: string; timeZone: string }
  service: {
    id: string
    slug: string
    name: string
    colour: string
    cancelNoticeMin: number
    rescheduleNoticeMin: number
  }
  provider: { id: string; name: string }
  location: ServiceOffer['location']
  customer: { name: string; email: string }
  startMs: number
  endMs: number
  timeZone: string
  seats: number
  priceMinor: number
  currency: string
  cancelledBy?: 'customer' | 'member' | 'system' | undefined
  createdAtMs: number
}

/** The booking as the customer sees it. */
export function toBookingView(facts: BookingFacts, nowMs: number): BookingView {
  const { service, startMs, endMs, createdAtMs, cancelledBy, ...rest } = facts
  const { cancelNoticeMin, rescheduleNoticeMin, ...shown } = service
  return {
    ...rest,
    service: shown,
    start: toInstantText(startMs),
    end: toInstantText(endMs),
    ...customerRights({ state: facts.state, startMs, endMs, cancelNoticeMin, rescheduleNoticeMin }, nowMs),
    ...(cancelledBy && { cancelledBy }),
    createdAt: toInstantText(createdAtMs),
  }
}

export type DetailFacts = Pick<
  BookingDetail,
  'customerId' | 'phone' | 'resources' | 'answers' | 'attendees' | 'source' | 'claimsTime'
> & {
  cancelReason: string | null
  cancelledLate: boolean
  checkedInAt: Date | null
  bundleId: string | null
}

/** The booking as members see it. */
export function toBookingDetail(facts: BookingFacts, detail: DetailFacts, nowMs: number): BookingDetail {
  const { cancelReason, cancelledLate, checkedInAt, bundleId, ...rest } = detail
  return {
    ...toBookingView(facts, nowMs),
    ...rest,
    ...(cancelReason !== null && { cancelReason }),
    ...(facts.state === 'cancelled' && { cancelledLate }),
    ...(bundleId !== null && { bundleId }),
    ...(checkedInAt && { checkedInAt: toInstantText(checkedInAt.getTime()) }),
  }
}

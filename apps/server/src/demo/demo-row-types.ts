/** Rows of the demo business, decided upon by rules and written by queries. */

export type NewCustomer = { id: string; name: string; email: string; locale: string; timeZone: string }

export type NewBooking = {
  id: string
  serviceId: string
  providerId: string
  customerId: string
  customerName: string
  state: string
  startsAt: Date
  endsAt: Date
  timeZone: string
  locale: string
  seats: number
  priceMinor: number
  currency: string
  answers: object
  source: 'public' | 'member'
  createdAt: Date
  cancelledAt: Date | null
  cancelledBy: 'customer' | null
}

export type NewSession = {
  id: string
  serviceId: string
  providerId: string
  startsAt: Date
  endsAt: Date
  capacity: number
}

export type NewSeat = { sessionId: string; number: number; bookingId: string }

export type NewClaim = {
  id: string
  subjectId: string
  unit: number
  bookingId: string | null
  sessionId: string | null
  from: Date
  to: Date
  beforeMin: number
  afterMin: number
}

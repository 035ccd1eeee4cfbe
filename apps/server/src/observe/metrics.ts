import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/**
 * The figures of this process, as Prometheus reads them. Labels have few values each: routes, states and kinds, never
 * organizations or people. What several processes of a machine tell is added up, unless a metric says otherwise.
 */
export const registry = new Registry()

const registers = [registry]

/** From a page out of memory to a statement that is given up. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15]
const HOUR_S = 3_600
const DAY_S = 24 * HOUR_S

export const httpRequests = new Counter({
  name: 'slotkeeper_http_requests_total',
  help: 'Requests that were answered; 499 for those whose visitor left before.',
  labelNames: ['method', 'route', 'status'],
  registers,
})

export const httpDuration = new Histogram({
  name: 'slotkeeper_http_request_duration_seconds',
  help: 'From the arrival of a request to the end of its answer.',
  labelNames: ['method', 'route'],
  buckets: SECONDS,
  registers,
})

export const httpInFlight = new Gauge({
  name: 'slotkeeper_http_requests_in_flight',
  help: 'Requests that are being answered.',
  registers,
})

export const jobDuration = new Histogram({
  name: 'slotkeeper_job_duration_seconds',
  help: 'How long jobs took, by how they ended: done, again (it is tried later) or failed (it is given up).',
  labelNames: ['kind', 'outcome'],
  buckets: [...SECONDS, 60, 300],
  registers,
})

export const jobLastDone = new Gauge({
  name: 'slotkeeper_job_last_done_timestamp_seconds',
  help: 'When a job of the kind was last done here, in seconds since 1970.',
  labelNames: ['kind'],
  registers,
  aggregator: 'max',
})

export const changes = new Counter({
  name: 'slotkeeper_changes_total',
  help: 'What happened, as the audit trail names it: booking.created, booking.cancelled, wish.offered and so on.',
  labelNames: ['action'],
  registers,
})

export const bookingsMade = new Counter({
  name: 'slotkeeper_bookings_made_total',
  help: 'Bookings made, by the state they began in and by where they came from: public or member.',
  labelNames: ['state', 'source'],
  registers,
})

export const bookingLead = new Histogram({
  name: 'slotkeeper_booking_lead_seconds',
  help: 'How long before its start a booking was made.',
  buckets: [HOUR_S, 4 * HOUR_S, DAY_S, 3 * DAY_S, 7 * DAY_S, 14 * DAY_S, 30 * DAY_S, 90 * DAY_S, 365 * DAY_S],
  registers,
})

export const bookedValue = new Counter({
  name: 'slotkeeper_booked_value_minor_total',
  help: 'The price of the bookings made, in the smallest unit of its currency.',
  labelNames: ['currency'],
  registers,
})

export const messages = new Counter({
  name: 'slotkeeper_messages_total',
  help: 'Tries to send a message, by how they ended: sent, queued (it is tried later) or failed (it is given up).',
  labelNames: ['kind', 'state'],
  registers,
})

export const idempotency = new Counter({
  name: 'slotkeeper_idempotent_requests_total',
  help: 'Requests with an Idempotency-Key: first (the work was done), repeated (the first answer was given) or refused.',
  labelNames: ['outcome'],
  registers,
})

export const slotAnswers = new Counter({
  name: 'slotkeeper_slot_answers_total',
  help: 'Answers to questions for free times: from memory (hit) or computed (miss).',
  labelNames: ['outcome'],
  registers,
})

export const replicaReads = new Counter({
  name: 'slotkeeper_replica_reads_total',
  help: 'Reads that the replica was asked for: answered, behind (it was not new enough) or failed; the primary does the rest.',
  labelNames: ['outcome'],
  registers,
})

/** Counts what the audit trail tells, by its name there. */
export function countChange(action: string): void {
  changes.inc({ action })
}

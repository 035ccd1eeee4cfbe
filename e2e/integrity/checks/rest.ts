import type { Evidence } from '../evidence/evidence.ts'
import type { Entry } from '../history.ts'
import type { Finding } from './finding.ts'

/** Nothing waits for ever: no job is left, none is worn out or locked by the dead; every key has its answer. */
export function findStuck({ jobs, tables }: Pick<Evidence, 'jobs' | 'tables'>): Finding {
  const stuck = jobs.map((job) => `a job is left: ${JSON.stringify(job)}`)
  const keys = tables.flatMap((row) => (row.table === 'idempotency_key' ? [row.row] : []))
  const empty = keys.filter(({ body }) => Object.keys(body).length === 0)
  const unanswered = empty.map(({ key }) => `the key ${key} has no answer`)
  return { counted: keys.length, what: 'keys', violations: [...stuck, ...unanswered] }
}

/** The audit trail is sealed in one unbroken chain: the product's own check says so. */
export function findBrokenTrail({ audit, tables }: Pick<Evidence, 'audit' | 'tables'>): Finding {
  const events = tables.filter(({ table }) => table === 'audit_event')
  const violations = audit.exitCode === 0 ? [] : [`the chain is broken: ${audit.output}`]
  if (audit.unsealed > 0) violations.push(`${audit.unsealed} events are not sealed`)
  return { counted: events.length, what: 'events', violations }
}

/** Refusals that people may meet while others are faster. Any other is a mistake: ours, or the product's. */
const FAIR = [
  'booking.slot_taken',
  'booking.slot_refused',
  'booking.bundle_refused',
  'booking.not_active',
  'booking.not_pending',
  'booking.step_impossible',
  'booking.too_late',
  'hold.expired',
  'idempotency.key_reused',
  'time_off.not_found',
  'wish.already_waiting',
  'wish.not_open',
  'wish.offer_over',
  'wish.too_many',
]

/** As many want to go as are left, or more: somebody has given seats back meanwhile. */
const isTooManyToGo = ({ kind, code }: Entry) => kind.startsWith('split') && code === 'request.invalid'

/** The server fails at nothing, signs nobody out, and refuses for reasons that there are. */
export function findUnfairAnswers({ history }: Pick<Evidence, 'history'>): Finding {
  const violations = history.flatMap((entry) => {
    if (entry.failed > 0) return [`"the server failed" (500), ${entry.failed} times: ${JSON.stringify(entry)}`]
    if (entry.outcome !== 'refused' || FAIR.includes(entry.code ?? '') || isTooManyToGo(entry)) return []
    return [`refused with ${entry.status} ${entry.code ?? ''}: ${JSON.stringify(entry)}`]
  })
  return { counted: history.length, what: 'operations', violations }
}

/** Once all is well again, what is offered is bookable, also where a hold has expired. */
export function findUnkeptOffers({ history }: Pick<Evidence, 'history'>): Finding {
  const probes = history.filter(({ kind }) => kind.startsWith('probe'))
  const failed = probes.filter(({ outcome }) => outcome !== 'done')
  const violations = failed.map((entry) => `offered, but refused: ${JSON.stringify(entry)}`)
  if (probes.length === 0) violations.push('nothing was offered any more, so nothing could be tried')
  return { counted: probes.length, what: 'offers taken', violations }
}

/** Who books after time off was entered, and before it was taken back, does not get a time within it. */
export function findBookedTimeOff({ history, businesses }: Pick<Evidence, 'history' | 'businesses'>): Finding {
  const spans = timeOffOf(history, businesses)
  const lengths = new Map(
    businesses.flatMap(({ services }) => services.map(({ slug, lengthMin }) => [slug, lengthMin])),
  )
  const violations: string[] = []
  const booked = history.filter(({ effect, outcome }) => effect.kind === 'book' && outcome === 'done')
  for (const entry of booked) {
    const { effect, told, invokedMs, endedMs } = entry
    if (effect.kind !== 'book' || effect.change.actions.includes('booking.created_by_override')) continue
    const toMs = effect.startMs + (lengths.get(effect.service) ?? 0) * 60_000
    const meets = ({ subjectId, fromMs, toMs: offMs, knownMs, backMs }: TimeOff) =>
      subjectId === told.provider && fromMs < toMs && effect.startMs < offMs && knownMs < invokedMs && endedMs < backMs
    if (spans.some(meets)) violations.push(`booked into time off: ${JSON.stringify(entry)}`)
  }
  return { counted: booked.length, what: 'bookings', violations }
}

type TimeOff = { subjectId: string; fromMs: number; toMs: number; knownMs: number; backMs: number }

const TIME_OFF_MS = 60 * 60_000

/** Time off for as long as nobody could doubt it: from its answer until somebody asks to take it back. */
function timeOffOf(history: Entry[], businesses: Evidence['businesses']): TimeOff[] {
  const zones = new Map(businesses.map(({ slug, timeZone }) => [slug, timeZone]))
  const changes = history.flatMap((entry) =>
    entry.effect.kind === 'change' && entry.effect.change.entity === 'time_off'
      ? [{ entry, ...entry.effect.change }]
      : [],
  )
  const backs = new Map(changes.map(({ entry, entityId }) => [entityId, entry.invokedMs]))
  return changes.flatMap(({ entry, detail, entityId }) => {
    if (entityId !== undefined || entry.outcome !== 'done') return []
    const startsAt = Temporal.PlainDateTime.from(String(detail['startsAt']))
    const fromMs = startsAt.toZonedDateTime(zones.get(entry.organization) ?? 'UTC').epochMilliseconds
    const backMs = backs.get(entry.told.id) ?? Infinity
    const span = { fromMs, toMs: fromMs + TIME_OFF_MS }
    return [{ subjectId: String(detail['subjectId']), ...span, knownMs: entry.endedMs, backMs }]
  })
}

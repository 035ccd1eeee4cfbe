import type { Absence, Refusal } from '../src/index.ts'
import type { Case, Subject } from './case.ts'

/** The same case with everything put right that is told against a start; undefined when that cannot be said simply. */
export function removeCauses(ask: Case, startMs: number, refusals: readonly Refusal[]): Case | undefined {
  return refusals.reduce<Case | undefined>((better, refusal) => better && removeCause(better, startMs, refusal), ask)
}

function removeCause(ask: Case, startMs: number, refusal: Refusal): Case | undefined {
  switch (refusal.reason) {
    case 'past':
    case 'notice':
      return { ...ask, nowMs: startMs, noticeMin: 0 }
    case 'window':
      return { ...ask, window: undefined }
    case 'service_closed':
      return { ...ask, service: undefined }
    case 'limit':
      return { ...ask, limits: ask.limits.filter(({ of }) => of !== refusal.of) }
    case 'seats':
      return withSeats(ask, refusal.wanted)
    case 'not_enough':
      return withEnough(ask, refusal)
    case 'steps':
      return withEveryMinute(ask)
    case 'gap':
      return { ...ask, usefulMin: undefined }
    case 'not_first':
      return { ...ask, firstOfDayIn: undefined }
    default:
      return undefined
  }
}

/** Where even every minute is none of the steps, it is one that the clocks show for the second time. */
function withEveryMinute(ask: Case): Case | undefined {
  const { everyMin, offsetMin = 0 } = ask.steps
  return everyMin === 1 && offsetMin === 0 ? undefined : { ...ask, steps: { everyMin: 1 } }
}

function withSeats(ask: Case, wanted: number): Case {
  const { group = { capacity: 0, seats: wanted, sessions: [] } } = ask
  const sessions = group.sessions.map((one) => ({ ...one, seatsLeft: Math.max(one.seatsLeft, wanted) }))
  return { ...ask, group: { ...group, sessions, capacity: Math.max(group.capacity, wanted) } }
}

function withEnough(ask: Case, { free, needed, absent }: Extract<Refusal, { reason: 'not_enough' }>): Case | undefined {
  if (absent.length === 0 || free + absent.length < needed) return undefined
  return absent.reduce<Case | undefined>((better, one) => better && withoutAbsence(better, one), ask)
}

type AbsentOne = { readonly id: string; readonly causes: readonly Absence[] }

function withoutAbsence(ask: Case, { id, causes }: AbsentOne): Case | undefined {
  return causes.reduce<Case | undefined>((better, cause) => better && withoutOne(better, id, cause), ask)
}

function withoutOne(ask: Case, id: string, cause: Absence): Case | undefined {
  const change = (more: (subject: Subject) => Partial<Subject>): Case => ({
    ...ask,
    subjects: ask.subjects.map((one) => (one.id === id ? { ...one, ...more(one) } : one)),
  })
  switch (cause.cause) {
    case 'closed':
      return leads(ask, id) ? undefined : change(() => ({ schedule: undefined }))
    case 'busy':
    case 'buffer':
    case 'unreadable':
      return change(({ busy }) => ({ busy: cause.busy ? busy.filter((time) => time !== cause.busy) : [] }))
    case 'limit':
      return change(() => ({ limits: [] }))
    case 'steps':
      return withEveryMinute(ask)
  }
}

/** Whether somebody is named by the first requirement, which needs their hours. */
function leads(ask: Case, id: string): boolean {
  const subjects = ask.segments[0]?.needs[0]?.subjects ?? []
  return subjects.some((index) => ask.subjects[index]?.id === id)
}

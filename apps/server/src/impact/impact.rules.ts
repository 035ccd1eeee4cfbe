import {
  busyTimes,
  type Arrangement,
  type Booked,
  type BusyTime,
  type Misfit,
  type OpenHours,
} from '@slotkeeper/scheduling'
import { toInstantText } from '../shared/clock.ts'
import type { BookedRow, SubjectRow } from './impact-rows.ts'
import type { ImpactView } from './impact.schemas.ts'

/** How things are arranged, as far as a change can touch it. */
export type Setting = {
  subjects: SubjectRow[]
  /** by the id of the schedule */
  hours: Map<string, OpenHours>
  /** by the id of whoever is off */
  timeOff: ReadonlyMap<string, BusyTime[]>
}

/** An arrangement as the engine takes it. Whoever is no longer active is not there. */
export function toArrangement({ subjects, hours, timeOff }: Setting, booked: BookedRow[]): Arrangement {
  const units = subjects
    .filter(({ active }) => active)
    .flatMap(({ id, quantity, scheduleId }) => {
      const open = hours.get(scheduleId ?? '')
      const subject = { busy: busyTimes(timeOff.get(id) ?? []), ...(open && { hours: open }) }
      return Array.from({ length: quantity }, (_, index) => [keyOf(id, index + 1), subject] as const)
    })
  const services = booked.map(({ serviceId, serviceScheduleId }) => {
    const open = hours.get(serviceScheduleId ?? '')
    return [serviceId, { candidateIds: allOf(booked), ...(open && { hours: open }) }] as const
  })
  return { subjects: new Map(units), services: new Map(services) }
}

export function toBooked({ id, serviceId, startsAt, endsAt, taken }: BookedRow): Booked {
  return {
    ...{ id, serviceId, startMs: startsAt.getTime(), endMs: endsAt.getTime() },
    taken: taken.map(({ subjectId, unit, startMs, endMs, beforeMin, afterMin }) => ({
      ...{ id: keyOf(subjectId, unit), startMs, endMs, bufferBeforeMin: beforeMin, bufferAfterMin: afterMin },
    })),
  }
}

type BookingView = ImpactView['bookings'][number]

/** A booking that would no longer fit, as members see it. */
export function toView(row: BookedRow, misfits: readonly Misfit[], subjects: SubjectRow[]): BookingView {
  return {
    ...{ id: row.id, service: row.service, provider: row.provider, customer: row.customer },
    start: toInstantText(row.startsAt.getTime()),
    end: toInstantText(row.endsAt.getTime()),
    misfits: misfits.flatMap((misfit) => toMisfitView(misfit, subjects)),
  }
}

function toMisfitView(misfit: Misfit, subjects: SubjectRow[]): BookingView['misfits'] {
  const { cause } = misfit
  const because = 'because' in misfit ? { because: misfit.because } : {}
  if (cause !== 'gone' && cause !== 'closed' && cause !== 'busy' && cause !== 'buffer') return []
  if (misfit.subject === 'service') return [{ cause, of: 'service', ...because }]
  const [id = '', unit = '1'] = misfit.id.split(' ')
  const subject = subjects.find((one) => one.id === id)
  const which = (subject?.quantity ?? 1) > 1 ? { unit: Number(unit) } : {}
  return [{ cause, of: 'subject', id, ...(subject && { name: subject.name }), ...which, ...because }]
}

function allOf(booked: BookedRow[]): Set<string> {
  return new Set(booked.flatMap(({ taken }) => taken.map(({ subjectId, unit }) => keyOf(subjectId, unit))))
}

function keyOf(subjectId: string, unit: number): string {
  return `${subjectId} ${unit}`
}

import { isUncertain, type Change, type Effect, type Entry } from '../history.ts'
import type { Wish } from './wish.ts'

type Of<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>

const untilOf = ({ outcome, lost, endedMs }: Entry) => (outcome === 'done' && lost === 0 ? endedMs : Infinity)

const changeOf = (entityId: string | undefined, actions: string[], detail: Change['detail'] = {}): Change => ({
  ...{ entity: 'booking', entityId, actions, detail },
})

/** Bookings that were made together have an event each; of several that were changed, which ones is not told. */
export function togetherWishes(
  entry: Entry,
  effect: Of<'together'> | Of<'bundle'>,
  idsOf: (tag: string) => string[],
): Wish[] {
  if (entry.outcome !== 'done' && !isUncertain(entry)) return []
  const each = (ids: (string | undefined)[], actions: string[], isSure: boolean) =>
    ids.map((id) => ({ entry, untilMs: untilOf(entry), isSure, isMany: false, change: changeOf(id, actions) }))
  if (effect.kind === 'bundle') return each(effect.bookingIds, [effect.action], false)
  const isSure = entry.outcome === 'done'
  const made = isSure ? (entry.told.bookings ?? []).map(({ id }) => id) : idsOf(effect.tag)
  return each(made, effect.change.actions, isSure)
}

/** Those who go have an event, and those who stay. */
export function splitWishes(entry: Entry, { bookingId }: Of<'split'>): Wish[] {
  if (entry.outcome !== 'done' && !isUncertain(entry)) return []
  const isDone = entry.outcome === 'done'
  const gone = changeOf(isDone ? entry.told.id : undefined, ['booking.split_off'], { from: bookingId })
  const left = changeOf(bookingId, ['booking.seats_changed'])
  const untilMs = isDone ? entry.endedMs : Infinity
  return [gone, left].map((change) => ({ entry, change, untilMs, isSure: isDone, isMany: false }))
}

/** Somebody else may have said yes a moment before, for the same wish: then it is booked, or moved, already. */
export function takeWishes(entry: Entry, { tag, earlierId }: Of<'take'>, idsOf: (tag: string) => string[]): Wish[] {
  if (entry.outcome !== 'done' && !isUncertain(entry)) return []
  const booked = tag === undefined ? [] : idsOf(tag).map((id) => changeOf(id, ['booking.created', 'booking.requested']))
  const changes = earlierId === undefined ? booked : [changeOf(earlierId, ['booking.moved'])]
  return changes.map((change) => ({ entry, change, untilMs: untilOf(entry), isSure: false, isMany: false }))
}

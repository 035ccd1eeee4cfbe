import { isDeepStrictEqual } from 'node:util'
import type { Evidence } from '../evidence/evidence.ts'
import type { EventRow } from '../evidence/rows.ts'
import { changesOf } from '../evidence/timeline.ts'
import { isUncertain, type Effect, type Entry } from '../history.ts'
import { SLACK_MS, type Finding } from './finding.ts'
import { findUnplaced } from './matching.ts'
import type { Wish } from './wish.ts'
import { indexTags } from './tags.ts'
import { splitWishes, takeWishes, togetherWishes } from './together-wishes.ts'
import { versionsOf, wasBetween, type Version } from './versions.ts'

/**
 * What was acknowledged has happened, once, between its request and its answer; what was refused has not; what nobody knows
 * of has happened at most once, and not before it was asked for. So every acknowledged operation has an event in the trail
 * of its own, and every event belongs to an operation. Where several fit, it need not be known which: if all operations can
 * have one, and all events be had, then both at once.
 * @see N. S. Mendelsohn and A. L. Dulmage, "Some generalizations of the problem of distinct representatives" (1958)
 */
export function findUnexplained({
  timeline,
  history,
  tables,
}: Pick<Evidence, 'timeline' | 'history' | 'tables'>): Finding {
  const { idsOf } = indexTags(tables)
  const versions = versionsOf(timeline)
  const events = eventsOf(timeline)
  const wishes = history.flatMap((entry) => wishesOf(entry, idsOf))
  const eventsFor = indexBy(events, ({ event }) => [
    subjectOf(event.entity, undefined),
    subjectOf(event.entity, event.entityId),
  ])
  const wishesFor = indexBy(wishes, ({ change }) => [subjectOf(change.entity, change.entityId)])
  const lacking = findUnplaced(
    wishes.filter(({ isSure }) => isSure),
    (wish) =>
      (eventsFor.get(subjectOf(wish.change.entity, wish.change.entityId)) ?? []).filter((found) => isOf(found, wish)),
  )
  const wishesOfEvent = (found: Found) =>
    [undefined, found.event.entityId]
      .flatMap((id) => wishesFor.get(subjectOf(found.event.entity, id)) ?? [])
      .filter((wish) => isOf(found, wish))
  const single = events.filter((found) => !wishesOfEvent(found).some(({ isMany }) => isMany))
  const unasked = findUnplaced(single, wishesOfEvent)
  const violations = [
    ...lacking.map(({ entry }) => `acknowledged, but not in the trail at that time: ${JSON.stringify(entry)}`),
    ...history
      .filter((entry) => !isTrue(entry, versions))
      .map((entry) => `acknowledged, but never so: ${JSON.stringify(entry)}`),
    ...unasked.map(
      ({ atMs, event }) =>
        `at ${new Date(atMs).toISOString()} nobody asked for it, or it was refused: ${JSON.stringify(event)}`,
    ),
  ]
  return { counted: wishes.length, what: 'changes asked for', violations }
}

/** The events that an operation must have, and those that it may have. */
function wishesOf(entry: Entry, idsOf: (tag: string) => string[]): Wish[] {
  const { effect, outcome, told, endedMs } = entry
  if (effect.kind === 'many') return manyWishes(entry, effect)
  if (effect.kind === 'together' || effect.kind === 'bundle') return togetherWishes(entry, effect, idsOf)
  if (effect.kind === 'split') return splitWishes(entry, effect)
  if (effect.kind === 'take') return takeWishes(entry, effect, idsOf)
  if (effect.kind !== 'book' && effect.kind !== 'change') return []
  const known = effect.kind === 'book' ? idsOf(effect.tag)[0] : effect.change.entityId
  if (outcome === 'done') {
    const change = { ...effect.change, entityId: effect.change.entityId ?? told.id }
    const isSure = effect.kind === 'book' || !effect.mayRest
    return [{ entry, change, untilMs: endedMs, isSure, isMany: false }]
  }
  // What is not known by its name, and never came to be, has no event.
  const isNowhere = effect.kind === 'book' && known === undefined
  if (!isUncertain(entry) || isNowhere) return []
  const change = { ...effect.change, entityId: known }
  return [{ entry, change, untilMs: Infinity, isSure: false, isMany: false }]
}

/**
 * Of many changes, the answer tells who has each booking now: mostly because of this request, but it may have been given
 * away meanwhile by another, or by an earlier try. So the events are such as it may have.
 */
function manyWishes(entry: Entry, { action, providerId }: Extract<Effect, { kind: 'many' }>): Wish[] {
  const { outcome, endedMs, lost } = entry
  const change = { entity: 'booking', actions: [action], detail: { from: providerId } } as const
  if (lost > 0 || outcome === 'unknown')
    return [
      {
        entry,
        untilMs: Infinity,
        isSure: false,
        isMany: true,
        change: { ...change, actions: [action], entityId: undefined },
      },
    ]
  return givenAway(entry).map(({ booking, provider }) => ({
    ...{ entry, untilMs: endedMs, isSure: false, isMany: false },
    change: { ...change, actions: [action], entityId: booking, detail: { from: providerId, to: provider } },
  }))
}

function givenAway({ outcome, told }: Entry) {
  return outcome === 'done' ? (told.items ?? []).filter(({ provider }) => provider !== null) : []
}

/** Whether everybody to whom something was given, as the answer says, had it at some moment before the answer. */
function isTrue(entry: Entry, versions: Map<string, Version[]>): boolean {
  return givenAway(entry).every(({ booking, provider }) =>
    (versions.get(booking) ?? []).some((version) => version.row.providerId === provider && wasBetween(version, entry)),
  )
}

type Found = { atMs: number; event: EventRow }

/** The events that somebody must have asked for. */
function eventsOf(timeline: Evidence['timeline']): Found[] {
  return timeline.flatMap((transaction) =>
    changesOf(transaction, 'audit_event')
      .filter(({ row }) => row.actorKind !== 'system' && isAskedFor(row.action))
      .map(({ row: event }) => ({ atMs: transaction.atMs, event })),
  )
}

/** What the set-up of a business leaves in the trail is not of the history. */
function isAskedFor(action: string): boolean {
  return (
    action.startsWith('booking.') || action.startsWith('time_off.') || /^(?:schedule|service)\.updated$/.test(action)
  )
}

function isOf({ atMs, event }: Found, { entry, change, untilMs }: Wish): boolean {
  const { entity, entityId, actions, detail } = change
  const isThen = atMs >= entry.invokedMs - SLACK_MS && atMs <= untilMs + SLACK_MS
  const isIt = entity === event.entity && (entityId === undefined || entityId === event.entityId)
  return isThen && isIt && actions.includes(event.action) && says(event.detail, detail)
}

function says(detail: Record<string, unknown>, wanted: Record<string, unknown>): boolean {
  return Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(detail[name], value))
}

function subjectOf(entity: string, entityId: string | undefined): string {
  return entityId === undefined ? entity : `${entity} ${entityId}`
}

function indexBy<Item>(items: Item[], keysOf: (item: Item) => string[]): Map<string, Item[]> {
  const index = new Map<string, Item[]>()
  for (const item of items) {
    for (const key of keysOf(item)) {
      const list = index.get(key)
      if (list) list.push(item)
      else index.set(key, [item])
    }
  }
  return index
}

import { isDeepStrictEqual } from 'node:util'
import type { Evidence } from '../evidence/evidence.ts'
import type { EventRow } from '../evidence/rows.ts'
import { changesOf } from '../evidence/timeline.ts'
import { isUncertain, type Change, type Effect, type Entry } from '../history.ts'
import { SLACK_MS, type Finding } from './finding.ts'
import { indexTags } from './tags.ts'

/**
 * What was acknowledged has happened, once, between its request and its answer; what was refused has not; what nobody knows
 * of has happened at most once, and not before it was asked for. So every event in the trail belongs to an operation.
 */
export function findUnexplained({
  timeline,
  history,
  tables,
}: Pick<Evidence, 'timeline' | 'history' | 'tables'>): Finding {
  const events = new EventPool(timeline)
  const { bookingOf } = indexTags(tables)
  const violations: string[] = []
  const wanted = history.flatMap((entry) => wishesOf(entry, bookingOf))
  for (const { entry, change, untilMs } of wanted.filter(({ isSure }) => isSure)) {
    if (!events.take(change, entry.invokedMs - SLACK_MS, untilMs + SLACK_MS))
      violations.push(`acknowledged, but not in the trail at that time: ${JSON.stringify(entry)}`)
  }
  for (const { entry, change, untilMs, isMany } of wanted.filter(({ isSure }) => !isSure)) {
    while (events.take(change, entry.invokedMs - SLACK_MS, untilMs + SLACK_MS) && isMany);
  }
  for (const { at, event } of events.left())
    violations.push(`at ${new Date(at).toISOString()} nobody asked for it, or it was refused: ${JSON.stringify(event)}`)
  return { counted: wanted.length, what: 'changes asked for', violations }
}

type Wish = { entry: Entry; change: Change; untilMs: number; isSure: boolean; isMany: boolean }

/** The events that an operation must have, and those that it may have. */
function wishesOf(entry: Entry, bookingOf: (tag: string) => string | undefined): Wish[] {
  const { effect, outcome, told, endedMs } = entry
  if (effect.kind === 'many') return manyWishes(entry, effect)
  if (effect.kind !== 'book' && effect.kind !== 'change') return []
  const known = effect.kind === 'book' ? bookingOf(effect.tag) : effect.change.entityId
  if (outcome === 'done') {
    const change = { ...effect.change, entityId: effect.change.entityId ?? told.id }
    return [{ entry, change, untilMs: endedMs, isSure: true, isMany: false }]
  }
  // What is not known by its name, and never came to be, has no event.
  const isNowhere = effect.kind === 'book' && known === undefined
  if (!isUncertain(entry) || isNowhere) return []
  const change = { ...effect.change, entityId: known }
  return [{ entry, change, untilMs: Infinity, isSure: false, isMany: false }]
}

/** Of many changes, the answer tells those of the last try; earlier ones may have made others. */
function manyWishes(entry: Entry, { action, providerId }: Extract<Effect, { kind: 'many' }>): Wish[] {
  const { outcome, told, endedMs, lost } = entry
  const change = { entity: 'booking', actions: [action] } as const
  const items = outcome === 'done' ? (told.items ?? []).filter(({ provider }) => provider !== null) : []
  const sure = items.map(({ booking, provider }) => ({
    ...{ entry, untilMs: endedMs, isSure: true, isMany: false },
    change: { ...change, actions: [action], entityId: booking, detail: { to: provider } },
  }))
  if (lost === 0 && outcome !== 'unknown') return sure
  const open = { ...change, actions: [action], entityId: undefined, detail: { from: providerId } }
  return [...sure, { entry, untilMs: Infinity, isSure: false, isMany: true, change: open }]
}

type Found = { at: number; event: EventRow; isTaken: boolean }

/** Events that operations may explain, each by one of them. */
class EventPool {
  readonly #byAction = new Map<string, Found[]>()
  readonly #byEntity = new Map<string, Found[]>()

  constructor(timeline: Evidence['timeline']) {
    for (const transaction of timeline) {
      for (const { row: event } of changesOf(transaction, 'audit_event')) {
        if (event.actorKind === 'system' || !isAskedFor(event.action)) continue
        const found = { at: transaction.atMs, event, isTaken: false }
        push(this.#byAction, `${event.entity} ${event.action}`, found)
        push(this.#byEntity, `${event.entityId} ${event.action}`, found)
      }
    }
  }

  /** Takes the first event that fits and that nobody has taken. */
  take({ entity, entityId, actions, detail }: Change, fromMs: number, toMs: number): boolean {
    for (const action of actions) {
      const candidates =
        entityId === undefined ? this.#byAction.get(`${entity} ${action}`) : this.#byEntity.get(`${entityId} ${action}`)
      const fits = ({ at, event, isTaken }: Found) =>
        !isTaken && at >= fromMs && at <= toMs && says(event.detail, detail) && event.entity === entity
      const found = candidates?.find(fits)
      if (!found) continue
      found.isTaken = true
      return true
    }
    return false
  }

  left(): Found[] {
    return [...this.#byAction.values()].flat().filter(({ isTaken }) => !isTaken)
  }
}

/** What the set-up of a business leaves in the trail is not of the history. */
function isAskedFor(action: string): boolean {
  return (
    action.startsWith('booking.') || action.startsWith('time_off.') || /^(?:schedule|service)\.updated$/.test(action)
  )
}

function says(detail: Record<string, unknown>, wanted: Record<string, unknown>): boolean {
  return Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(detail[name], value))
}

function push<Item>(into: Map<string, Item[]>, key: string, item: Item): void {
  const list = into.get(key)
  if (list) list.push(item)
  else into.set(key, [item])
}

import { checkStart } from '@slotkeeper/scheduling'
import type { Actor } from '../shared/actor.ts'
import { invalidField } from '../shared/app-error.ts'
import { parseInstantMs, toInstantText } from '../shared/clock.ts'
import type { Availability } from './availability.service.ts'
import { toReasonView } from './explanation.rules.ts'
import type { ExplanationView } from './explanation.schemas.ts'

export type ExplanationDeps = { availability: Availability }

const MINUTE_MS = 60_000
type StartRequest = {
  service: string
  start: string
  duration?: number | undefined
  provider?: string | undefined
  seats?: number | undefined
}

/**
 * Why a time is not offered: to everybody the one reason that the published rules or other bookings give, to members all
 * reasons and what caused them.
 * @throws {AppError} service.not_found, provider.not_found, request.invalid
 */
export async function explain(
  { availability }: ExplanationDeps,
  organizationId: string,
  { actor, request }: { actor: Actor; request: StartRequest },
): Promise<ExplanationView> {
  const { service, start, duration, provider, seats } = request
  const startMs = parseInstantMs(start)
  if (startMs === undefined)
    throw invalidField('start', 'Give an instant with its offset, such as 2026-03-29T09:00:00+02:00.')
  const wanted = { durationMin: duration, providerId: provider, seats, startMs }
  const { offer, query } = await availability.question(organizationId, service, wanted)
  const lengthMin = query.segments.reduce((sum, segment) => sum + segment.lengthMin, 0)
  const result = checkStart(query, startMs)
  return {
    start: toInstantText(startMs),
    end: toInstantText(startMs + lengthMin * MINUTE_MS),
    offered: result.ok,
    ...(!result.ok && toReasonView(offer, result.refusals, actor)),
  }
}

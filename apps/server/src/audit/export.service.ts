import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { Database } from '../db/database.ts'
import { invalidField } from '../shared/app-error.ts'
import { parseInstantMs, toDate } from '../shared/clock.ts'
import { closed, Uuid } from '../shared/schemas.ts'
import { TrailEvent } from './audit.schemas.ts'
import { readChain, sealAudit, toTrailEvent, type TimeRange } from './audit.service.ts'
import { ChainCheck, type ChainState, type ChainVerdict, type Link } from './chain.ts'

const State = Type.Object({ position: Type.Integer({ minimum: 0 }), hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) })

/** A line of an exported trail: where the chain begins or goes on, an event with its place in it, or the end. */
const Line = Type.Union([
  Type.Object({ kind: Type.Literal('start'), organization: Uuid, ...State.properties }, closed),
  Type.Object(
    {
      kind: Type.Literal('event'),
      organization: Uuid,
      ...State.properties,
      eventId: Uuid,
      event: Type.Union([TrailEvent, Type.Null()]),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('end'), organization: Uuid, ...State.properties }, closed),
])
type Line = Static<typeof Line>

/**
 * The trail of an organization as JSON Lines, with what it takes to check it without the database. What waits for its seal
 * is sealed before.
 * @param range  see `readChain`
 */
export async function* exportAudit(
  deps: { db: Database },
  organization: string,
  range: TimeRange = {},
): AsyncGenerator<string> {
  while ((await sealAudit(deps, organization)) > 0);
  let state: ChainState | undefined
  for await (const link of readChain(deps, organization, range)) {
    state = link
    yield print(toLine(organization, link))
  }
  if (state) yield print({ kind: 'end', organization, ...printState(state) })
}

const print = (line: Line) => `${JSON.stringify(line)}\n`
const printState = ({ position, hash }: ChainState) => ({ position, hash: hash.toString('hex') })

function toLine(organization: string, link: Link): Line {
  const state = printState(link)
  if (link.kind === 'start') return { kind: 'start', organization, ...state }
  const { eventId, event } = link
  return { kind: 'event', organization, ...state, eventId, event: event ? toTrailEvent(event) : null }
}

/**
 * The time that an export is asked for.
 * @throws {AppError} request.invalid
 */
export function rangeOf(asked: { from?: string | undefined; to?: string | undefined }): TimeRange {
  return { from: momentOf('from', asked.from), to: momentOf('to', asked.to) }
}

function momentOf(field: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const instantMs = parseInstantMs(text)
  if (instantMs === undefined) throw invalidField(field, `Give a moment such as 2026-01-01T00:00:00Z, not ${text}.`)
  return toDate(instantMs)
}

export type ExportVerdict = ChainVerdict & {
  organization: string
  /** whether the end is there */
  isComplete: boolean
}

/**
 * Checks an exported trail by itself.
 * @returns a verdict for every organization in it
 * @throws when a line is none of an export
 */
export async function checkExport(lines: AsyncIterable<string>): Promise<ExportVerdict[]> {
  const chains = new Map<string, { check: ChainCheck; isComplete: boolean }>()
  for await (const text of lines) {
    if (text === '') continue
    const line = Value.Parse(Line, JSON.parse(text))
    const chain = chains.get(line.organization) ?? { check: new ChainCheck(), isComplete: false }
    chains.set(line.organization, chain)
    if (line.kind === 'end') chain.isComplete = chain.check.isAt(readState(line))
    else {
      chain.isComplete = false
      chain.check.take(readLink(line))
    }
  }
  return [...chains].map(([organization, { check, isComplete }]) => ({ organization, ...check.verdict, isComplete }))
}

const readState = ({ position, hash }: Line): ChainState => ({ position, hash: Buffer.from(hash, 'hex') })

function readLink(line: Exclude<Line, { kind: 'end' }>): Link {
  const state = readState(line)
  if (line.kind === 'start') return { kind: 'start', ...state }
  const { eventId, event } = line
  return { kind: 'event', ...state, eventId, event: event ? { ...event, at: new Date(event.at) } : undefined }
}

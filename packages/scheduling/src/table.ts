import { assign, ranked, sharesCandidates, type Need } from './assignment.ts'
import { gridStarts, type Range } from './grid.ts'
import { clearBusy, clearLimited, markOpen, mergeStarts, type Marks } from './marks.ts'
import type { Part, Plan } from './query.ts'
import type { OpenHours } from './schedule.ts'

/** Who of a requirement's candidates is free at which start of a list. */
export type Row = {
  readonly part: Part
  /** for every candidate a mark for every start */
  readonly free: readonly Marks[]
  /** for every start how many are free */
  readonly count: Marks | Uint32Array
  /** indexes of the candidates, in the order in which they are to be given work */
  readonly ranked: readonly number[]
}

/** All that is found out about a list of starts. */
export type Table = {
  readonly plan: Plan
  readonly startsMs: Float64Array
  /** one for every part of the plan */
  readonly rows: readonly Row[]
  /** who can lead: free, and the start is one of the steps of their hours */
  readonly leaders: Row
  /** some start of the table is one of the steps of somebody's hours */
  readonly isStep: boolean
}

/** Everything about the starts that a plan gives in a range. */
export function tableOf(plan: Plan, range: Range): Table {
  const grids = new Map<OpenHours, Float64Array>()
  for (const { hours } of plan.lead.requirement.candidates) {
    if (hours && !grids.has(hours)) grids.set(hours, gridStarts(plan, hours, range))
  }
  return tabulate(plan, mergeStarts([...grids.values()]), grids)
}

/** Everything about one instant, whether it is a start that the plan gives or not. */
export function tableAt(plan: Plan, startMs: number): Table {
  const range = { firstMs: startMs, lastMs: startMs + 1 }
  const grids = new Map<OpenHours, Float64Array>()
  for (const { hours } of plan.lead.requirement.candidates) if (hours) grids.set(hours, gridStarts(plan, hours, range))
  return tabulate(plan, Float64Array.of(startMs), grids)
}

/** The same, where only some can lead. */
export function withLeaders(table: Table, free: readonly Marks[]): Table {
  const { startsMs } = table
  const leaders = { ...table.leaders, free, count: countOf(free, startsMs.length) }
  return { ...table, leaders }
}

/** Who could serve in the first requirement: where one serves alone, it is whoever leads. */
export function leadRow({ plan, rows, leaders }: Table): Row {
  return plan.lead.requirement.count === 1 ? leaders : (rows[0] ?? leaders)
}

/** Marks the starts at which all requirements can be met at once and no limit stands against it. */
export function servedStarts(table: Table): Marks {
  const { plan, startsMs, rows, leaders } = table
  const allowed = metBy(leadRow(table))
  if (plan.lead.requirement.count > 1) clearFew(allowed, leaders.count, 1)
  for (const row of rows.slice(1)) keepMet(allowed, row)
  const whole = { offsetMs: 0, lengthMs: plan.lengthMs }
  for (const { limit } of plan.query.limits ?? []) clearLimited(allowed, startsMs, [limit], whole)
  const rivals = rivalParts(plan)
  if (rivals.length > 0) clearRivalled(allowed, table, rivals)
  return allowed
}

/**
 * Who serves at a start of the table: for every part of the plan the indexes of its candidates, best first. The same input
 * always gives the same answer.
 * @returns undefined when the requirements cannot all be met
 */
export function assignedAt(table: Table, index: number): number[][] | undefined {
  const assigned: number[][] = []
  for (const parts of segmentParts(table.plan)) {
    const filled = assign(parts.map((part) => needAt(table, part, index)))
    if (!filled) return undefined
    assigned.push(...filled)
  }
  return assigned
}

/** Whether one candidate can be the one who leads at a start. */
export function canLead(table: Table, index: number, candidate: number): boolean {
  if (rivalParts(table.plan).length === 0) return true
  const needs = segmentParts(table.plan)[0]?.map((part) => needAt(table, part, index)) ?? []
  const [lead, ...others] = needs
  return lead !== undefined && assign([{ ...lead, leads: (one) => one === candidate }, ...others]) !== undefined
}

function needAt(table: Table, part: number, index: number): Need {
  const { rows, leaders } = table
  const row = (part === 0 ? undefined : rows[part]) ?? leadRow(table)
  return {
    ...{ requirement: row.part.requirement, ranked: row.ranked },
    isFree: (candidate) => row.free[candidate]?.[index] === 1,
    ...(part === 0 && { leads: (candidate: number) => leaders.free[candidate]?.[index] === 1 }),
  }
}

/** For every segment the indexes of its parts. */
function segmentParts({ query, parts }: Plan): number[][] {
  return query.segments.map((_segment, segment) =>
    [...parts.keys()].filter((index) => parts[index]?.segment === segment),
  )
}

/** The parts, by segment, whose requirements compete for the same candidates. */
function rivalParts(plan: Plan): number[][] {
  if (plan.parts.length < 2) return []
  return segmentParts(plan).filter((parts) =>
    sharesCandidates(parts.flatMap((index) => plan.parts[index]?.requirement ?? [])),
  )
}

function tabulate(plan: Plan, startsMs: Float64Array, grids: Map<OpenHours, Float64Array>): Table {
  const rows = plan.parts.map((part) => rowOf(startsMs, part, part === plan.lead ? grids : NO_GRIDS))
  const lead = rows[0] ?? rowOf(startsMs, plan.lead, grids)
  const steps = [...grids.values()]
  const isStep = steps.some(({ length }) => length > 0)
  if (steps.every(({ length }) => length === startsMs.length)) return { plan, startsMs, rows, leaders: lead, isStep }
  const onGrid = new Map<OpenHours, Marks>()
  for (const [hours, grid] of grids) onGrid.set(hours, membersOf(startsMs, grid))
  const led = plan.lead.requirement.candidates.map(({ hours }, index) =>
    both(lead.free[index], hours && onGrid.get(hours)),
  )
  const leaders = { ...lead, free: led, count: countOf(led, startsMs.length) }
  return { plan, startsMs, rows, leaders, isStep }
}

const NO_GRIDS: ReadonlyMap<OpenHours, Float64Array> = new Map()

/** @param grids  starts that are known to lie in the hours that gave them */
function rowOf(startsMs: Float64Array, part: Part, grids: ReadonlyMap<OpenHours, Float64Array>): Row {
  const { requirement } = part
  const { candidates, chosen } = requirement
  const { length } = startsMs
  // One piece of memory for all: many small ones cost more than what is done with them.
  const memory: Marks = new Uint8Array(length * candidates.length)
  const open = new Map<OpenHours, Marks>()
  const free = candidates.map((candidate, index) => {
    const marks = memory.subarray(index * length, (index + 1) * length)
    const { id, hours } = candidate
    // Beside the one who was chosen nobody else could serve alone.
    if (requirement.count === 1 && id !== (chosen ?? id)) return marks
    const known = hours && open.get(hours)
    if (known) marks.set(known)
    else if (!hours || grids.get(hours)?.length === length) marks.fill(1)
    else {
      markOpen(marks, startsMs, part, hours)
      open.set(hours, marks.slice())
    }
    clearBusy(marks, startsMs, part, candidate)
    if (candidate.limits) clearLimited(marks, startsMs, candidate.limits, part)
    return marks
  })
  return { part, free, count: countOf(free, length), ranked: ranked(requirement) }
}

function countOf(free: readonly Marks[], length: number): Marks | Uint32Array {
  const [first, ...others] = free
  if (first && others.length === 0) return first
  const count = first ? new Uint32Array(first) : new Uint32Array(length)
  for (const marks of others) for (let i = 0; i < length; i++) count[i] = (count[i] ?? 0) + (marks[i] ?? 0)
  return count
}

/** Marks the starts of a list that are in a shorter one too. */
function membersOf(startsMs: Float64Array, some: Float64Array): Marks {
  const marks = new Uint8Array(startsMs.length)
  let k = 0
  for (let i = 0; i < startsMs.length && k < some.length; i++) {
    if (startsMs[i] !== some[k]) continue
    marks[i] = 1
    k++
  }
  return marks
}

function both(a: Marks | undefined, b: Marks | undefined): Marks {
  if (!a || !b) return new Uint8Array(0)
  return a.map((mark, i) => mark & (b[i] ?? 0))
}

/** Marks the starts at which enough are free, and the one who was chosen. */
function metBy(row: Row): Marks {
  const { count, candidates } = row.part.requirement
  const [only] = row.free
  if (only && candidates.length === 1 && count === 1) return only.slice()
  const met: Marks = new Uint8Array(row.count.length).fill(1)
  keepMet(met, row)
  return met
}

function keepMet(allowed: Marks, { part, free, count }: Row): void {
  const { count: needed, chosen, candidates } = part.requirement
  clearFew(allowed, count, needed)
  if (chosen === undefined) return
  const must = free[candidates.findIndex(({ id }) => id === chosen)]
  for (let i = 0; i < allowed.length; i++) if (must?.[i] !== 1) allowed[i] = 0
}

function clearFew(allowed: Marks, count: Marks | Uint32Array, needed: number): void {
  // Without a branch: which starts are free is hard to predict, and that costs more than the work.
  for (let i = 0; i < allowed.length; i++) {
    const isEnough = (count[i] ?? 0) >= needed ? 1 : 0
    allowed[i] = (allowed[i] ?? 0) & isEnough
  }
}

/** Clears the starts at which somebody would have to serve two requirements at once. */
function clearRivalled(allowed: Marks, table: Table, rivals: readonly number[][]): void {
  for (let i = 0; i < allowed.length; i++) {
    if (allowed[i] === 1 && !rivals.every((parts) => assign(parts.map((part) => needAt(table, part, i)))))
      allowed[i] = 0
  }
}

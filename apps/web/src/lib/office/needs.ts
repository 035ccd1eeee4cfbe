import { m } from '#lib/paraglide/messages.js'
import { textOf, textsOf, wholeNumber } from '#lib/ui/form-data.ts'
import type { Requirement, Requirements } from './types.ts'

/** Whom or what a part of an appointment needs, as typed. The subjects are those that are ticked. */
export type NeedDraft = {
  kind: Requirement['kind']
  count: string
  assign: Requirement['assign']
  fairDays: string
  subjects: SubjectDraft[]
}
export type SubjectDraft = { id: string; weight: string; priority: string }
export type PartDraft = { length: string; needs: NeedDraft[] }
/** What the editor shows. A simple one asks for one of these people and one of these things, and no more. */
export type NeedsDraft = { isSimple: boolean; parts: PartDraft[] }

const PART_MIN = 5
const PART_MAX = 1440
const USUAL = { count: '1', assign: 'in_order', fairDays: '30' } as const
const USUAL_SUBJECT = { weight: '1', priority: '0' }

/** A need of nobody or nothing yet. */
export function blankNeed(kind: Requirement['kind']): NeedDraft {
  return { kind, ...USUAL, subjects: [] }
}

/** Whether a service needs one person, and perhaps one thing, for as long as it lasts, whoever comes first. */
export function isSimple({ segments }: Requirements): boolean {
  const [first, ...others] = segments
  const [lead, thing, ...more] = first?.requirements ?? []
  if (others.length > 0 || more.length > 0 || lead?.kind !== 'provider') return false
  return [lead, ...(thing ? [thing] : [])].every(
    ({ kind, count, assign }, index) =>
      count === 1 && assign === 'in_order' && kind === (index === 0 ? 'provider' : 'resource'),
  )
}

/** What the editor shows for the needs of a service. */
export function draftOf(requirements: Requirements): NeedsDraft {
  const parts = requirements.segments.map(({ lengthMin, requirements: needs }) => ({
    length: lengthMin === null ? '' : String(lengthMin),
    needs: needs.map(({ kind, count, assign, fairDays, subjects }) => ({
      ...{ kind, assign, count: String(count), fairDays: String(fairDays) },
      subjects: subjects.map(({ id, weight, priority }) => ({
        ...{ id, weight: String(weight), priority: String(priority) },
      })),
    })),
  }))
  return isSimple(requirements) ? { isSimple: true, parts: parts.map(withThings) } : { isSimple: false, parts }
}

/** What was typed into the editor: `part-0-length`, `part-0-need-0-kind`, `part-0-need-0-subjects`, ... */
export function readDraft(form: FormData): NeedsDraft {
  const parts: PartDraft[] = []
  for (let part = 0; form.has(partName(part)); part++) {
    const needs: NeedDraft[] = []
    for (let need = 0; form.has(`${needName(part, need)}-kind`); need++)
      needs.push(readNeed(form, needName(part, need)))
    parts.push({ length: textOf(form, `${partName(part)}-length`), needs })
  }
  return { isSimple: form.has('simple'), parts }
}

/** The name that the entries of a part begin with. */
export const partName = (part: number): string => `part-${part}`

/** The name that the entries of a need begin with. */
export const needName = (part: number, need: number): string => `${partName(part)}-need-${need}`

/**
 * Turns what was typed into the needs of a service.
 * @returns what is wrong where something is, by the names of the entries
 */
export function needsOf(
  draft: NeedsDraft,
): { ok: true; requirements: Requirements } | { ok: false; errors: Record<string, string> } {
  // Of a simple service, no thing ticked means that none is needed.
  const parts = draft.isSimple ? draft.parts.map(withoutEmptyThings) : draft.parts
  const errors: [name: string, text: string][] = parts.flatMap((part, index) => [
    ...lengthErrors(part, index, parts.length),
    ...part.needs.flatMap((need, at) => needErrors(need, needName(index, at))),
  ])
  if (parts[0]?.needs[0]?.kind !== 'provider') errors.push([partName(0), m.office_error_needs_lead()])
  if (errors.length > 0) return { ok: false, errors: Object.fromEntries(errors) }
  const segments = parts.map(({ length, needs }) => ({
    lengthMin: parts.length === 1 ? null : wholeNumber(length),
    requirements: needs.map(requirementOf),
  }))
  return { ok: true, requirements: { segments } }
}

/** A simple service shows what it could need, too. */
function withThings({ length, needs }: PartDraft): PartDraft {
  return { length, needs: needs.length > 1 ? needs : [...needs, blankNeed('resource')] }
}

/** Without things of which none is ticked. */
export function withoutEmptyThings({ length, needs }: PartDraft): PartDraft {
  return { length, needs: needs.filter(({ kind, subjects }) => kind === 'provider' || subjects.length > 0) }
}

function readNeed(form: FormData, name: string): NeedDraft {
  const read = (part: string, usual: string) => (form.has(`${name}-${part}`) ? textOf(form, `${name}-${part}`) : usual)
  return {
    kind: read('kind', 'provider') === 'resource' ? 'resource' : 'provider',
    count: read('count', USUAL.count),
    assign: read('assign', USUAL.assign) === 'by_turn' ? 'by_turn' : 'in_order',
    fairDays: read('days', USUAL.fairDays),
    subjects: textsOf(form, `${name}-subjects`).map((id) => ({
      id,
      weight: read(`weight-${id}`, USUAL_SUBJECT.weight),
      priority: read(`priority-${id}`, USUAL_SUBJECT.priority),
    })),
  }
}

function lengthErrors({ length }: PartDraft, index: number, count: number): [string, string][] {
  if (count === 1) return []
  const lengthMin = wholeNumber(length)
  const fits = lengthMin >= PART_MIN && lengthMin <= PART_MAX
  return fits ? [] : [[`${partName(index)}-length`, m.office_error_needs_length()]]
}

function needErrors({ kind, count, fairDays, subjects }: NeedDraft, name: string): [string, string][] {
  const numbers = [
    [`${name}-count`, count],
    [`${name}-days`, fairDays],
    ...subjects.flatMap(({ id, weight, priority }) => [
      [`${name}-weight-${id}`, weight],
      [`${name}-priority-${id}`, priority],
    ]),
  ] as const
  const errors = numbers
    .filter(([, text]) => Number.isNaN(wholeNumber(text)))
    .map(([entry]): [string, string] => [entry, m.office_error_number()])
  if (subjects.length === 0) errors.push([`${name}-subjects`, m.office_error_needs_none()])
  // A thing may have several units; a person is one.
  else if (kind === 'provider' && wholeNumber(count) > subjects.length)
    errors.push([`${name}-count`, m.office_error_needs_few()])
  return errors
}

function requirementOf({ kind, count, assign, fairDays, subjects }: NeedDraft): Requirement {
  return {
    ...{ kind, assign, count: wholeNumber(count), fairDays: wholeNumber(fairDays) },
    subjects: subjects.map(({ id, weight, priority }) => ({
      ...{ id, weight: wholeNumber(weight), priority: wholeNumber(priority) },
    })),
  }
}

import { AppError, type FieldError } from '../shared/app-error.ts'
import type { RequirementRow, RequirementsView } from './services.schemas.ts'

/** The rows in which requirements are kept. */
export function toRows({ segments }: RequirementsView): RequirementRow[] {
  return segments
    .flatMap(({ requirements }, segment) => requirements.map((requirement) => ({ segment, ...requirement })))
    .map((row, position) => ({ ...row, position }))
}

/** The lengths of the segments as they are kept: none for one that lasts as long as the appointment. */
export function segmentLengths({ segments }: RequirementsView): number[] {
  return segments.length === 1 ? [] : segments.flatMap(({ lengthMin }) => lengthMin ?? [])
}

/** Requirements segment by segment, as members see them. */
export function toView(rows: RequirementRow[], segmentsMin: number[]): RequirementsView {
  const lengths = segmentsMin.length === 0 ? [null] : segmentsMin
  return {
    segments: lengths.map((lengthMin, index) => ({
      lengthMin,
      requirements: rows
        .filter(({ segment }) => segment === index)
        .map(({ kind, count, assign, fairDays, subjects }) => ({ kind, count, assign, fairDays, subjects })),
    })),
  }
}

const USUAL = { count: 1, assign: 'in_order', fairDays: 30 } as const

/** Who can serve, and what one of which is needed: the short way to say what a simple service needs. */
export type SimpleNeeds = { providers: string[] | undefined; resources: string[] | undefined }

/**
 * The rows after the short way named others for a simple service: one segment with people and perhaps things. Counts,
 * turns and weights stay as they are.
 * @throws {AppError} request.invalid when the service needs more than that, or fewer are named than are needed at once
 */
export function withSimpleNeeds(rows: RequirementRow[], needs: SimpleNeeds): RequirementRow[] {
  const isSimple =
    rows.length <= 2 && rows.every(({ position, kind }) => kind === (position === 0 ? 'provider' : 'resource'))
  if (!isSimple) {
    const message = 'This service needs more than one of each: change what it needs as a whole.'
    const fields = Object.keys(needs).map((field) => ({ field, message }))
    throw new AppError('request.invalid', message, { fields })
  }
  const kept = new Map(rows.map((row) => [row.kind, row]))
  return (['provider', 'resource'] as const).flatMap((kind, position) => {
    const ids = kind === 'provider' ? needs.providers : needs.resources
    const before = kept.get(kind)
    if (!ids) return before ? [before] : []
    if (ids.length === 0) return []
    const { count, ...rest } = before ?? { ...USUAL, subjects: [] }
    if (ids.length < count) {
      const message = `At least ${count} are needed at once.`
      throw new AppError('request.invalid', message, { fields: [{ field: `${kind}s`, message }] })
    }
    const known = new Map(rest.subjects.map((subject) => [subject.id, subject]))
    const subjects = ids.map((id) => known.get(id) ?? { id, weight: 1, priority: 0 })
    return [{ ...rest, count, kind, segment: 0, position, subjects }]
  })
}

/**
 * Checks what the schema cannot say.
 * @param known  the ids of the organization's people and things
 * @throws {AppError} request.invalid naming every field that cannot be as it is
 */
export function checkRequirements(
  { segments }: RequirementsView,
  known: { provider: string[]; resource: string[] },
): void {
  const errors = [
    ...lengthErrors(segments),
    ...leadErrors(segments),
    ...segments.flatMap(({ requirements }, segment) =>
      requirements.flatMap((requirement, index) =>
        subjectErrors(requirement, known[requirement.kind], `segments.${segment}.requirements.${index}`),
      ),
    ),
  ]
  const [first] = errors
  if (first) throw new AppError('request.invalid', first.message, { fields: errors })
}

type Segments = RequirementsView['segments']
type Requirement = Segments[number]['requirements'][number]

function lengthErrors(segments: Segments): FieldError[] {
  return segments.flatMap(({ lengthMin }, index) => {
    const field = `segments.${index}.lengthMin`
    if (segments.length === 1 && lengthMin !== null)
      return [{ field, message: 'The only segment lasts as long as the appointment: leave its length out.' }]
    if (segments.length > 1 && lengthMin === null) return [{ field, message: 'Say how long each segment lasts.' }]
    return []
  })
}

function leadErrors([first]: Segments): FieldError[] {
  if (first?.requirements[0]?.kind === 'provider') return []
  return [
    {
      field: 'segments.0.requirements.0.kind',
      message: 'The first thing that is needed is a person, in whose hours appointments start.',
    },
  ]
}

function subjectErrors({ kind, count, subjects }: Requirement, known: string[], field: string): FieldError[] {
  const ids = subjects.map(({ id }) => id)
  const errors = subjects.flatMap(({ id }, index): FieldError[] => {
    const at = `${field}.subjects.${index}.id`
    if (!known.includes(id)) return [{ field: at, message: `There is no such ${kind}.` }]
    return ids.indexOf(id) < index ? [{ field: at, message: 'This one is there twice.' }] : []
  })
  // A thing may have several units; a person is one.
  if (kind === 'provider' && count > subjects.length)
    errors.push({ field: `${field}.count`, message: 'More are needed at once than are named.' })
  return errors
}

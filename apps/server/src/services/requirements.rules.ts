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

/** How many units there are of each of the organization's people or things; a person is one. */
export type Units = ReadonlyMap<string, number>

/** Who can serve, and what one of which is needed: the short way to say what a simple service needs. */
export type SimpleNeeds = { provider: Units | undefined; resource: Units | undefined }

/** Appointments are no longer than a day, in one segment or in several. */
const LENGTH_MAX_MIN = 1440

/** As many as can be kept of one service. */
const REQUIREMENTS_MAX = 20

/**
 * The rows after the short way named others for a simple service: one segment with people and perhaps things. Counts,
 * turns and weights stay as they are.
 * @throws {AppError} request.invalid when the service needs more than that, or fewer are named than are needed at once
 */
export function withSimpleNeeds(rows: RequirementRow[], needs: SimpleNeeds): RequirementRow[] {
  const kept = new Map(rows.map((row) => [row.kind, row]))
  const isSimple =
    rows.length === kept.size &&
    rows.every(({ position, segment, kind }) => segment === 0 && kind === (position === 0 ? 'provider' : 'resource'))
  const errors = (['provider', 'resource'] as const).flatMap((kind): FieldError[] => {
    const units = needs[kind]
    const { count = 1 } = kept.get(kind) ?? {}
    const field = `${kind}s`
    if (!units) return []
    if (!isSimple)
      return [{ field, message: 'This service needs more than one of each: change what it needs as a whole.' }]
    const isEnough = (kind === 'resource' && units.size === 0) || sumOf(units) >= count
    return isEnough ? [] : [{ field, message: `At least ${count} are needed at once.` }]
  })
  refuse(errors)
  return (['provider', 'resource'] as const).flatMap((kind, position) => {
    const units = needs[kind]
    const before = kept.get(kind)
    if (!units) return before ? [before] : []
    if (units.size === 0) return []
    const { subjects: known, ...rest } = before ?? { ...USUAL, subjects: [] }
    const subjectOf = (id: string) => known.find((subject) => subject.id === id) ?? { id, weight: 1, priority: 0 }
    return [{ ...rest, kind, segment: 0, position, subjects: [...units.keys()].map(subjectOf) }]
  })
}

function sumOf(units: Units): number {
  return [...units.values()].reduce((sum, count) => sum + count, 0)
}

function refuse(errors: FieldError[]): void {
  const [first] = errors
  if (first) throw new AppError('request.invalid', first.message, { fields: errors })
}

/**
 * Checks what the schema cannot say.
 * @param known  those of the organization's people and things that are named
 * @throws {AppError} request.invalid naming every field that cannot be as it is
 */
export function checkRequirements({ segments }: RequirementsView, known: { provider: Units; resource: Units }): void {
  refuse([
    ...lengthErrors(segments),
    ...sizeErrors(segments),
    ...leadErrors(segments),
    ...segments.flatMap(({ requirements }, segment) =>
      requirements.flatMap((requirement, index) =>
        subjectErrors(requirement, known[requirement.kind], `segments.${segment}.requirements.${index}`),
      ),
    ),
  ])
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

function sizeErrors(segments: Segments): FieldError[] {
  const lengthMin = segments.reduce((sum, segment) => sum + (segment.lengthMin ?? 0), 0)
  const count = segments.reduce((sum, { requirements }) => sum + requirements.length, 0)
  return [
    ...(lengthMin > LENGTH_MAX_MIN ? ['An appointment takes at most a day.'] : []),
    ...(count > REQUIREMENTS_MAX ? [`At most ${REQUIREMENTS_MAX} requirements are possible.`] : []),
  ].map((message) => ({ field: 'segments', message }))
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

function subjectErrors({ kind, count, subjects }: Requirement, known: Units, field: string): FieldError[] {
  const ids = subjects.map(({ id }) => id)
  const errors = subjects.flatMap(({ id }, index): FieldError[] => {
    const at = `${field}.subjects.${index}.id`
    if (!known.has(id)) return [{ field: at, message: `There is no such ${kind}.` }]
    return ids.indexOf(id) < index ? [{ field: at, message: 'This one is there twice.' }] : []
  })
  // A thing may have several units; a person is one.
  const units = new Map(ids.map((id) => [id, known.get(id) ?? 1]))
  if (count > sumOf(units)) errors.push({ field: `${field}.count`, message: 'More are needed at once than there are.' })
  return errors
}

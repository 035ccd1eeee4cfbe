import {
  listLocations,
  listProviders,
  listResources,
  listSchedules,
  type Client,
  type CreateServiceData,
  type UpdateServiceData,
} from '@slotkeeper/client'
import { allItems } from './calls.ts'
import { isChecked, textOf, textsOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import { minorOf } from '#lib/money.ts'
import { m } from '#lib/paraglide/messages.js'
import { limitsIn } from './limits.ts'
import { questionsOf, readQuestionRows } from './questions.ts'
import { noNumbers } from './refusals.ts'
import { joinSpan, minutesList } from './spans.ts'

type ServiceBody = CreateServiceData['body']
type WindowKind = NonNullable<ServiceBody['windowKind']>

const WINDOW_KINDS: readonly WindowKind[] = ['days', 'business_days', 'range']
const APPROVALS: readonly NonNullable<ServiceBody['approval']>[] = ['none', 'blocking', 'open']

/** What a service is put together from. */
export async function readParts(client: Client, path: { organization: string }, url: URL) {
  const [providers, resources, locations, schedules] = await Promise.all([
    allItems(url, (query) => listProviders({ client, path, query })),
    allItems(url, (query) => listResources({ client, path, query })),
    allItems(url, (query) => listLocations({ client, path, query })),
    allItems(url, (query) => listSchedules({ client, path, query })),
  ])
  return { providers, resources, locations, schedules }
}

/** What the form of a service says. A number that is none is NaN. */
export function serviceIn(form: FormData, currency: string): ServiceBody {
  return {
    name: textOf(form, 'name'),
    slug: textOf(form, 'slug'),
    description: textOf(form, 'description'),
    colour: textOf(form, 'colour').toLowerCase(),
    durationsMin: minutesList(textOf(form, 'durationsMin')),
    stepMin: wholeNumberOf(form, 'stepMin'),
    bufferBeforeMin: wholeNumberOf(form, 'bufferBeforeMin'),
    bufferAfterMin: wholeNumberOf(form, 'bufferAfterMin'),
    stepFrom: textOf(form, 'stepFrom') === 'midnight' ? 'midnight' : 'window',
    stepOffsetMin: wholeNumberOf(form, 'stepOffsetMin'),
    usefulGapMin: textOf(form, 'usefulGapMin') === '' ? null : wholeNumberOf(form, 'usefulGapMin'),
    firstOfDay: isChecked(form, 'firstOfDay'),
    limits: limitsIn(form).limits,
    noticeMin: spanIn(form, 'noticeMin'),
    ...windowIn(form),
    cancelNoticeMin: spanIn(form, 'cancelNoticeMin'),
    rescheduleNoticeMin: spanIn(form, 'rescheduleNoticeMin'),
    approval: APPROVALS.find((kind) => kind === textOf(form, 'approval')) ?? 'none',
    noShowLimit: textOf(form, 'noShowLimit') === '' ? null : wholeNumberOf(form, 'noShowLimit'),
    capacity: wholeNumberOf(form, 'capacity'),
    priceMinor: minorOf(textOf(form, 'priceMinor') || '0', currency),
    providers: textsOf(form, 'providers'),
    resources: textsOf(form, 'resources'),
    locationId: textOf(form, 'locationId') || null,
    scheduleId: textOf(form, 'scheduleId') || null,
    questions: questionsOf(readQuestionRows(form)),
    hidden: isChecked(form, 'hidden'),
  }
}

/** The changes that the form of a service says: without what it does not show, as parts of the service decide it. */
export function changesIn(form: FormData, currency: string): UpdateServiceData['body'] {
  const { durationsMin, providers, resources, ...rest } = serviceIn(form, currency)
  return {
    ...rest,
    ...(form.has('durationsMin') && { durationsMin }),
    ...(form.has('withNeeds') && { providers, ...(resources && { resources }) }),
  }
}

/** What is wrong with the entries, as far as it can be said before the API is asked. */
export function wrongEntries(form: FormData, body: UpdateServiceData['body']): Record<string, string> {
  const { windowKind, windowFrom, windowTo } = body
  const isRange = windowKind === 'range'
  const isOrdered = typeof windowFrom === 'string' && typeof windowTo === 'string' && windowFrom <= windowTo
  return {
    ...noNumbers(body),
    ...Object.fromEntries(limitsIn(form).wrong.map((name) => [name, m.office_error_number()])),
    ...(isRange && !isOrdered && { windowTo: m.office_error_range() }),
  }
}

function windowIn(form: FormData): Pick<ServiceBody, 'windowKind' | 'windowDays' | 'windowFrom' | 'windowTo'> {
  const windowKind = WINDOW_KINDS.find((kind) => kind === textOf(form, 'windowKind')) ?? 'days'
  if (windowKind !== 'range') return { windowKind, windowDays: wholeNumberOf(form, 'windowDays') }
  const dateOf = (name: string) => textOf(form, name) || null
  return { windowKind, windowFrom: dateOf('windowFrom'), windowTo: dateOf('windowTo') }
}

function spanIn(form: FormData, name: string): number {
  return joinSpan(textOf(form, name), textOf(form, `${name}-unit`))
}

import {
  listLocations,
  listProviders,
  listResources,
  listSchedules,
  type Client,
  type CreateServiceData,
} from '@slotkeeper/client'
import { allItems } from './calls.ts'
import { isChecked, textOf, textsOf, wholeNumberOf } from '#lib/ui/form-data.ts'
import { minorOf } from '#lib/money.ts'
import { questionsOf, readQuestionRows } from './questions.ts'
import { joinSpan, minutesList } from './spans.ts'

type ServiceBody = CreateServiceData['body']

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
    noticeMin: spanIn(form, 'noticeMin'),
    windowDays: wholeNumberOf(form, 'windowDays'),
    cancelNoticeMin: spanIn(form, 'cancelNoticeMin'),
    rescheduleNoticeMin: spanIn(form, 'rescheduleNoticeMin'),
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

function spanIn(form: FormData, name: string): number {
  return joinSpan(textOf(form, name), textOf(form, `${name}-unit`))
}

import { getCustomer, listCustomers, type Client } from '@slotkeeper/client'
import { momentText } from '#lib/time/calendar.ts'
import { instantMs } from '#lib/time/dates.ts'
import { need } from './calls.ts'
import { instantOfWall, msOf } from './days.ts'
import { textOf, wholeNumber } from '#lib/ui/form-data.ts'
import { picked } from './free-times.ts'
import type { Customer, Service } from './types.ts'

export type Choice = { start: string; provider: string }
type FoundCustomer = Pick<Customer, 'id' | 'name' | 'email' | 'phone'>

const RESULTS = 10

/** The duration that was asked for, if the service has it; its usual one otherwise. */
export function durationOf(service: Service, asked: string): number {
  const durationMin = wholeNumber(asked)
  return service.durationsMin.includes(durationMin) ? durationMin : (service.durationsMin[0] ?? 0)
}

/** The time that an address or a form says: one of the list, or a date and a time that were typed. */
export function choiceIn(entries: FormData | URLSearchParams, timeZone: string): Choice | null {
  const read = (name: string) => {
    const value = entries.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const choice = picked(read('pick'))
  if (choice) return instantMs(choice.start) !== undefined ? choice : null
  const start = instantOfWall(read('date'), read('time'), timeZone)
  return start === null ? null : { start, provider: read('provider') }
}

/** The time that was chosen, and with whom, in words. */
export function chosenText(
  { start, provider }: Choice,
  service: Service,
  { timeZone, locale }: { timeZone: string; locale: string },
) {
  const name = service.providers.find(({ id }) => id === provider)?.name ?? null
  return { start, provider, moment: momentText(msOf(start), timeZone, locale), providerName: name }
}

/** Who is to have the appointment, from entries named `customer.<part>`. */
export function customerIn(form: FormData): { name: string; email: string; phone?: string } {
  const phone = textOf(form, 'customer.phone')
  return {
    name: textOf(form, 'customer.name'),
    email: textOf(form, 'customer.email'),
    ...(phone !== '' && { phone }),
  }
}

/** Answers to the questions of a service, from entries named `answers.<id>`. */
export function answersIn(form: FormData, { questions }: Service): Record<string, string | boolean> {
  const answers = questions.map(({ id, kind }): [string, string | boolean] => [
    id,
    kind === 'checkbox' ? form.has(`answers.${id}`) : textOf(form, `answers.${id}`),
  ])
  return Object.fromEntries(answers.filter(([, answer]) => answer !== ''))
}

/** The customers that a search finds, and the one that was chosen of them. */
export async function findCustomers(
  client: Client,
  path: { organization: string },
  url: URL,
): Promise<{ q: string; found: FoundCustomer[]; customer: FoundCustomer | null }> {
  const q = url.searchParams.get('q')?.trim() ?? ''
  const id = url.searchParams.get('customer')
  const [customer, page] = await Promise.all([
    id === null ? null : getCustomer({ client, path: { ...path, id } }),
    q === '' ? null : listCustomers({ client, path, query: { q, limit: RESULTS } }),
  ])
  return {
    q,
    found: page ? need(page, url).items.map(briefly) : [],
    customer: customer?.data ? briefly(customer.data) : null,
  }
}

function briefly({ id, name, email, phone }: Customer): FoundCustomer {
  return { id, name, email, phone }
}

import type { CreateProviderData } from '@slotkeeper/client'
import { m } from '#lib/paraglide/messages.js'
import { textOf } from '#lib/ui/form-data.ts'
import { limitsIn, withoutBearer } from './limits.ts'

/** So many limits the API takes. */
export const PROVIDER_LIMITS_MOST = 6

/** What the form of a provider says. */
export function providerIn(form: FormData): CreateProviderData['body'] {
  const scheduleId = textOf(form, 'scheduleId')
  return {
    name: textOf(form, 'name'),
    title: textOf(form, 'title'),
    email: textOf(form, 'email') || null,
    colour: textOf(form, 'colour').toLowerCase(),
    limits: withoutBearer(limitsIn(form).limits),
    ...(scheduleId !== '' && { scheduleId }),
  }
}

/** What is wrong with the entries, as far as it can be said before the API is asked. */
export function wrongProviderEntries(form: FormData): Record<string, string> {
  return Object.fromEntries(limitsIn(form).wrong.map((name) => [name, m.office_error_number()]))
}

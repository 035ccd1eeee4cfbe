import type { CreateProviderData } from '@slotkeeper/client'
import { textOf } from '#lib/ui/form-data.ts'

/** What the form of a provider says. */
export function providerIn(form: FormData): CreateProviderData['body'] {
  const scheduleId = textOf(form, 'scheduleId')
  return {
    name: textOf(form, 'name'),
    title: textOf(form, 'title'),
    email: textOf(form, 'email') || null,
    colour: textOf(form, 'colour').toLowerCase(),
    ...(scheduleId !== '' && { scheduleId }),
  }
}

import { fail, redirect } from '@sveltejs/kit'
import { getMe } from '@slotkeeper/client'
import { textOf } from '#lib/ui/form-data.ts'
import { callSignIn, type SignInOutcome } from '#lib/office/sign-in.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const { data: me } = await getMe({ client: locals.api })
  if (me) redirect(303, '/setup')
}

export const actions: Actions = {
  default: async (event) => {
    const form = await event.request.formData()
    const name = textOf(form, 'name')
    const email = textOf(form, 'email')
    const outcome = await callSignIn(event, 'sign-up/email', { name, email, password: form.get('password') })
    if (outcome.ok) redirect(303, '/setup')
    return fail(outcome.status, { message: reasonOf(outcome), name, email })
  },
}

function reasonOf({ code, status }: Extract<SignInOutcome, { ok: false }>): string {
  if (status === 429) return m.office_error_too_many()
  if (code.startsWith('USER_ALREADY_EXISTS')) return m.office_sign_up_known()
  if (code.startsWith('PASSWORD_')) return m.office_sign_up_password_hint()
  return m.office_sign_up_refused()
}

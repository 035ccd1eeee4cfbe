import { fail, redirect, type RequestEvent } from '@sveltejs/kit'
import { getMe } from '@slotkeeper/client'
import { textOf } from '#lib/ui/form-data.ts'
import { callSignIn, type SignInOutcome } from '#lib/office/sign-in.ts'
import { m } from '#lib/paraglide/messages.js'
import { signUpMode } from '#lib/site.ts'
import type { Actions, PageServerLoad } from './$types'

/** A link says for which address it is: the account is made for that one. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const { data: me } = await getMe({ client: locals.api })
  if (me) redirect(303, '/setup')
  const email = url.searchParams.get('email') ?? ''
  const token = url.searchParams.get('token') ?? ''
  return { mode: signUpMode(), link: token === '' ? undefined : { email, token } }
}

export const actions: Actions = {
  default: async (event) => {
    const form = await event.request.formData()
    return form.has('password') ? makeAccount(event, form) : askForAccount(event, form)
  },
}

async function makeAccount(event: RequestEvent, form: FormData) {
  const name = textOf(form, 'name')
  const email = textOf(form, 'email')
  const sent = { name, email, password: form.get('password'), token: textOf(form, 'token') }
  const outcome = await callSignIn(event, 'sign-up/email', sent)
  if (outcome.ok) redirect(303, '/setup')
  return fail(outcome.status, { message: reasonOf(outcome), name, email })
}

/** Whether the address has an account is told to whoever reads its mail, and nobody else. */
async function askForAccount(event: RequestEvent, form: FormData) {
  const email = textOf(form, 'email')
  const outcome = await callSignIn(event, 'sign-up/ask', { email, locale: event.locals.locale })
  if (outcome.ok) return { askedFor: email }
  return fail(outcome.status, { message: reasonOf(outcome), name: '', email })
}

function reasonOf({ code, status }: Extract<SignInOutcome, { ok: false }>): string {
  if (status === 429) return m.office_error_too_many()
  if (code === 'auth.sign_up_refused') return m.office_sign_up_link_over()
  if (code.startsWith('USER_ALREADY_EXISTS')) return m.office_sign_up_known()
  if (code.startsWith('PASSWORD_')) return m.office_sign_up_password_hint()
  return m.office_sign_up_refused()
}

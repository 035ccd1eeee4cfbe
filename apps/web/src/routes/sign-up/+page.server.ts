import { fail, redirect } from '@sveltejs/kit'
import { getMe } from '@slotkeeper/client'
import { textOf } from '#lib/ui/form-data.ts'
import { callSignIn, type SignInOutcome } from '#lib/office/sign-in.ts'
import { m } from '#lib/paraglide/messages.js'
import { isSignUpOpen } from '#lib/site.ts'
import type { Actions, PageServerLoad } from './$types'

/** Where a link is needed, it says for which address: the account is made for that one. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const { data: me } = await getMe({ client: locals.api })
  if (me) redirect(303, '/setup')
  const email = url.searchParams.get('email') ?? ''
  const token = url.searchParams.get('token') ?? ''
  if (token !== '') return { link: { email, token } }
  return { link: isSignUpOpen() ? 'none' : 'missing' } as const
}

export const actions: Actions = {
  default: async (event) => {
    const form = await event.request.formData()
    const name = textOf(form, 'name')
    const email = textOf(form, 'email')
    const sent = { name, email, password: form.get('password'), token: textOf(form, 'token') }
    const outcome = await callSignIn(event, 'sign-up/email', sent)
    if (outcome.ok) redirect(303, '/setup')
    return fail(outcome.status, { message: reasonOf(outcome), name, email })
  },
}

function reasonOf({ code, status }: Extract<SignInOutcome, { ok: false }>): string {
  if (status === 429) return m.office_error_too_many()
  if (code === 'auth.sign_up_refused') return m.office_sign_up_link_over()
  if (code.startsWith('USER_ALREADY_EXISTS')) return m.office_sign_up_known()
  if (code.startsWith('PASSWORD_')) return m.office_sign_up_password_hint()
  return m.office_sign_up_refused()
}

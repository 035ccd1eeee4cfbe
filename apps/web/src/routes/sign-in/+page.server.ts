import { fail, redirect } from '@sveltejs/kit'
import { getMe } from '@slotkeeper/client'
import { textOf } from '#lib/ui/form-data.ts'
import { safeNext } from '#lib/office/links.ts'
import { callSignIn } from '#lib/office/sign-in.ts'
import { m } from '#lib/paraglide/messages.js'
import { signUpMode } from '#lib/site.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const next = safeNext(url.searchParams.get('next'), '/app')
  const { data: me } = await getMe({ client: locals.api })
  if (me) redirect(303, next)
  return { next, signedOut: url.searchParams.has('signed-out'), maySignUp: signUpMode() !== 'invited' }
}

export const actions: Actions = {
  in: async (event) => {
    const form = await event.request.formData()
    const email = textOf(form, 'email')
    const password = form.get('password')
    const outcome = await callSignIn(event, 'sign-in/email', { email, password })
    if (outcome.ok) redirect(303, safeNext(event.url.searchParams.get('next'), '/app'))
    const message = outcome.status === 429 ? m.office_error_too_many() : m.office_sign_in_refused()
    return fail(outcome.status, { message, email })
  },
  out: async (event) => {
    await callSignIn(event, 'sign-out', {})
    redirect(303, '/sign-in?signed-out')
  },
}

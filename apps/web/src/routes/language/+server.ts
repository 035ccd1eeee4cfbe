import { redirect } from '@sveltejs/kit'
import { safeNext } from '#lib/office/links.ts'
import { isLocale } from '#lib/paraglide/runtime.js'
import type { RequestHandler } from './$types'

const YEAR_S = 365 * 24 * 60 * 60

/** Keeps the language that was picked, and goes back to the page that it was picked on. */
export const POST: RequestHandler = async ({ request, cookies, url }) => {
  const form = await request.formData()
  const language = form.get('language')
  if (isLocale(language)) {
    // Read by the pages' own code too, so that it goes on in the same language.
    cookies.set('slotkeeper_language', language, {
      path: '/',
      maxAge: YEAR_S,
      httpOnly: false,
      secure: url.protocol === 'https:',
    })
  }
  const back = form.get('back')
  redirect(303, safeNext(typeof back === 'string' ? back : null, '/'))
}

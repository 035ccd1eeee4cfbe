import type { RequestEvent } from '@sveltejs/kit'

/** What the sign-in service answers: nothing when it was done, its code when it was refused. */
export type SignInOutcome = { ok: true } | { ok: false; status: number; code: string }

/**
 * Calls the sign-in service in process and hands its cookies on to the visitor.
 * @param path  below /api/auth, such as `sign-in/email`
 */
export async function callSignIn(event: RequestEvent, path: string, body: unknown): Promise<SignInOutcome> {
  const answer = await inProcess(
    new Request(`http://internal/api/auth/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: event.url.origin,
        cookie: event.request.headers.get('cookie') ?? '',
      },
      body: JSON.stringify(body),
    }),
  )
  for (const header of answer.headers.getSetCookie()) {
    const { name, value = '', secure = false, httpOnly = false, ...options } = event.cookies.parse(header)
    event.cookies.set(name, value, { ...options, secure, httpOnly })
  }
  if (answer.ok) return { ok: true }
  return { ok: false, status: answer.status, code: await codeOf(answer) }
}

async function inProcess(request: Request): Promise<Response> {
  const context = globalThis.__slotkeeper?.getStore()
  if (!context) throw new Error('The pages are served by the API server only.')
  return context.fetch(request)
}

async function codeOf(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => null)
  const hasCode = typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
  return hasCode ? String(body.code) : 'UNKNOWN'
}

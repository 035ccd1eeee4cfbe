import { newOwner, type LinkFor } from './sign-up.ts'

/** A business made through the API, as its owner would. */
export type Business = {
  slug: string
  cookie: string
  organizationId: string
  services: { half: string; hour: string }
  providers: string[]
}

/**
 * Signs somebody up and sets up a business with providers who are open every day from 8 to 20, and two services that
 * compete for their time: half an hour from any quarter, and an hour with buffers.
 */
export async function createBusiness(
  url: string,
  { slug, providers, linkFor }: { slug: string; providers: number; linkFor?: LinkFor },
): Promise<Business> {
  const cookie = await signUp(url, slug, linkFor)
  const call = caller(url, cookie)
  const organization = await call('POST', '/organizations', {
    slug,
    name: 'The Race',
    timeZone: 'Europe/Berlin',
    locale: 'en',
    currency: 'EUR',
  })
  const base = `/organizations/${slug}`
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMin: 480, endMin: 1200 }))
  const schedule = await call('POST', `${base}/schedules`, { name: 'Every day', timeZone: 'Europe/Berlin', weekly })
  const ids: string[] = []
  for (let index = 0; index < providers; index++) {
    const name = `Provider ${index + 1}`
    const provider = await call('POST', `${base}/providers`, {
      name,
      email: `provider${index + 1}@example.com`,
      scheduleId: schedule.id,
    })
    ids.push(provider.id)
  }
  const half = { slug: 'half', name: 'Half an hour', durationsMin: [30], stepMin: 15, providers: ids }
  const hour = {
    slug: 'hour',
    name: 'An hour',
    durationsMin: [60],
    stepMin: 30,
    bufferBeforeMin: 5,
    bufferAfterMin: 10,
    providers: ids,
  }
  await call('POST', `${base}/services`, half)
  await call('POST', `${base}/services`, hour)
  return {
    slug,
    cookie,
    organizationId: organization.id,
    services: { half: half.slug, hour: hour.slug },
    providers: ids,
  }
}

async function signUp(url: string, slug: string, linkFor?: LinkFor): Promise<string> {
  const answer = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(await newOwner(slug, linkFor)),
  })
  if (!answer.ok) throw new Error(`signing up answered ${answer.status}: ${await answer.text()}`)
  await answer.arrayBuffer()
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** Changes a business as its owner would. */
export function changeBusiness(url: string, { slug, cookie }: Business) {
  const call = caller(url, cookie)
  return (method: string, path: string, body: object) => call(method, `/organizations/${slug}${path}`, body)
}

type Created = { id: string }

function caller(url: string, cookie: string) {
  return async (method: string, path: string, body: object): Promise<Created> => {
    const headers = { 'content-type': 'application/json', cookie, origin: url, 'idempotency-key': crypto.randomUUID() }
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as Created
  }
}

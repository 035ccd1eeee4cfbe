import { newOwner, type LinkFor } from '../../stack/sign-up.ts'
import type { Request } from './http.ts'
import { send } from './http.ts'

/** k of these people or things, at once. */
export type Need = { count: number; subjects: string[] }

/** A service as the checks must know it. */
export type Service = {
  id: string
  slug: string
  lengthMin: number
  stepMin: number
  capacity: number
  /** what one appointment claims; of a group session, what the session does */
  needs: Need[]
  providers: string[]
  /** at most so many a day, of all customers and of one */
  limits: { perDay: number | undefined; perCustomerDay: number | undefined }
}

/** A business made through the API, small enough that clients fight over it. */
export type Business = {
  slug: string
  id: string
  timeZone: string
  /** the session of its owner */
  cookie: string
  providers: string[]
  /** at most so many appointments a day */
  providerLimits: { id: string; perDay: number }[]
  room: string
  scheduleId: string
  services: Service[]
  /** local dates that clients book, and the one before today, which members may still book */
  dates: string[]
  pastDate: string
}

type Created = { id: string }
type Call = (method: Request['method'], path: string, body: object) => Promise<Created>

/** From when to when the business is open, in minutes after midnight. */
export const OPEN = { fromMin: 480, toMin: 720 }

/** The hours, and those which a member changes them to meanwhile. */
export const weekly = (toMin = OPEN.toMin) =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, startMin: OPEN.fromMin, endMin: toMin }))

/** Who works there, and at most so many appointments a day. */
const PROVIDERS = [{ name: 'Ada' }, { name: 'Ben', perDay: 6 }, { name: 'Cleo' }, { name: 'Dora' }]
const ROOMS = 2
const DAYS = 3

/** Signs an owner up, and sets up a business with a service of every sort that there is. */
export async function createBusiness(
  url: string,
  { slug, timeZone, linkFor }: { slug: string; timeZone: string; linkFor?: LinkFor },
): Promise<Business> {
  const cookie = await signUp(url, slug, linkFor)
  const call = caller(url, cookie)
  const about = { slug, name: `The ${slug}`, timeZone, locale: 'en', currency: 'EUR' }
  const organization = await call('POST', '/organizations', about)
  const base = `/organizations/${slug}`
  const schedule = await call('POST', `${base}/schedules`, { name: 'Mornings', timeZone, weekly: weekly() })
  const providers: string[] = []
  const providerLimits: Business['providerLimits'] = []
  for (const { name, perDay } of PROVIDERS) {
    const email = `${name.toLowerCase()}@${slug}.example.com`
    const limits = perDay === undefined ? [] : [{ per: 'day', maxCount: perDay }]
    const { id } = await call('POST', `${base}/providers`, { name, email, scheduleId: schedule.id, limits })
    providers.push(id)
    if (perDay !== undefined) providerLimits.push({ id, perDay })
  }
  const room = await call('POST', `${base}/resources`, { name: 'Room', quantity: ROOMS })
  const services = await addServices(call, base, providers, room.id)
  const today = Temporal.Now.plainDateISO(timeZone)
  const dates = Array.from({ length: DAYS }, (_, index) => today.add({ days: index + 2 }).toString())
  return {
    ...{ slug, id: organization.id, timeZone, cookie, providers, providerLimits, room: room.id, services },
    scheduleId: schedule.id,
    ...{ dates, pastDate: today.subtract({ days: 1 }).toString() },
  }
}

type Plan = {
  slug: string
  lengthMin: number
  who: string[]
  capacity?: number
  limits?: Service['limits']
  /** other needs than one of `who` */
  needs?: Need[]
  more?: object
}

async function addServices(call: Call, base: string, providers: string[], room: string): Promise<Service[]> {
  const [ada = '', ben = '', cleo = '', dora = ''] = providers
  const plans: Plan[] = [
    { slug: 'cut', lengthMin: 30, who: providers },
    { slug: 'talk', lengthMin: 30, who: [ada], more: { bufferBeforeMin: 5, bufferAfterMin: 10 } },
    {
      slug: 'surgery',
      lengthMin: 60,
      who: [ada, ben, cleo],
      needs: [
        { count: 2, subjects: [ada, ben, cleo] },
        { count: 1, subjects: [room] },
      ],
    },
    { slug: 'class', lengthMin: 60, who: [dora], capacity: 5 },
    { slug: 'rare', lengthMin: 30, who: providers, limits: { perDay: 4, perCustomerDay: 1 } },
    { slug: 'request', lengthMin: 30, who: [ben, cleo], more: { approval: 'blocking' } },
    { slug: 'wish', lengthMin: 30, who: [cleo, dora], more: { approval: 'open' } },
  ]
  const services: Service[] = []
  for (const plan of plans) services.push(await addService(call, base, plan))
  return services
}

const STEP_MIN = 30

async function addService(call: Call, base: string, plan: Plan): Promise<Service> {
  const { slug, lengthMin, who, capacity = 1, more = {} } = plan
  const limits = plan.limits ?? { perDay: undefined, perCustomerDay: undefined }
  const { id } = await call('POST', `${base}/services`, {
    ...{ slug, name: slug, durationsMin: [lengthMin], stepMin: STEP_MIN, providers: who, capacity },
    limits: [
      ...(limits.perDay === undefined ? [] : [{ of: 'service', per: 'day', maxCount: limits.perDay }]),
      ...(limits.perCustomerDay === undefined ? [] : [{ of: 'customer', per: 'day', maxCount: limits.perCustomerDay }]),
    ],
    ...more,
  })
  const needs = plan.needs ?? [{ count: 1, subjects: who }]
  if (plan.needs) await call('PUT', `${base}/services/${id}/requirements`, requirementsOf(plan.needs))
  return { id, slug, lengthMin, stepMin: STEP_MIN, capacity, needs, providers: who, limits }
}

/** The first need is of people, who take turns; the second of things. */
function requirementsOf(needs: Need[]) {
  const requirements = needs.map(({ count, subjects }, index) => ({
    kind: index === 0 ? 'provider' : 'resource',
    count,
    assign: index === 0 ? 'by_turn' : 'in_order',
    fairDays: 7,
    subjects: subjects.map((id) => ({ id, weight: 1, priority: 0 })),
  }))
  return { segments: [{ lengthMin: null, requirements }] }
}

async function signUp(url: string, slug: string, linkFor?: LinkFor): Promise<string> {
  const answer = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(await newOwner(slug, linkFor)),
  })
  if (!answer.ok) throw new Error(`signing up answered ${answer.status}: ${await answer.text()}`)
  await answer.arrayBuffer()
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
  return cookies.join('; ')
}

function caller(url: string, cookie: string): Call {
  return async (method, path, body) => {
    const headers = { cookie, origin: url }
    const sent = await send(url, { method, path: `/api/v1${path}`, body, headers })
    if (sent.kind !== 'answered' || sent.status >= 300)
      throw new Error(`${method} ${path} failed: ${JSON.stringify(sent)}`)
    return sent.body as Created
  }
}

import { toInstantText, type Clock } from '../shared/clock.ts'
import { failed, ok, warning, type Finding } from '../shared/finding.ts'
import type { Answer, Ask } from './ask.ts'
import { judgePage } from './site.checks.ts'
import { parseId, parseName, parseServices, parseSlots, type Service } from './smoke.parse.ts'

const FIX = 'Read the log of the web process.'
const DAY_MS = 86_400_000
/** As many days as the API lists at once. */
const DAYS = 60

/** The way of a customer: the business, its services, free times, and one of them held and let go. */
export async function checkBusiness(ask: Ask, clock: Clock, slug: string): Promise<Finding[]> {
  const api = `/api/v1/organizations/${encodeURIComponent(slug)}`
  const business = await ask(api)
  if (business.status !== 200)
    return [
      failed('business', answered(`${slug}:`, business), 'Name one that exists: --organization, as in its address.'),
    ]
  const page = judgePage('business page', await ask(`/${slug}`), parseName(business.body))
  const services = await ask(`${api}/services`)
  if (services.status !== 200) return [page, failed('services', answered('', services), FIX)]
  const [service] = parseServices(services.body)
  if (!service) return [page, warning('booking page', `${slug} has no public service`, 'Name another --organization.')]
  const booking = judgePage('booking page', await ask(`/${slug}/${service.slug}`), service.name)
  return [page, booking, ...(await checkTimes(ask, clock, { api, service }))]
}

type Bookable = { api: string; service: Service }

async function checkTimes(ask: Ask, clock: Clock, { api, service }: Bookable): Promise<Finding[]> {
  const [from, to] = [clock.nowMs(), clock.nowMs() + DAYS * DAY_MS].map((ms) => toInstantText(ms - (ms % 1000)))
  const answer = await ask(`${api}/services/${service.slug}/slots?from=${from}&to=${to}`)
  if (answer.status !== 200) return [failed('free times', answered('', answer), FIX)]
  const starts = parseSlots(answer.body).days.flatMap(({ slots }) => slots.map(({ start }) => start))
  const found = ok('free times', `${starts.length} of ${service.name} in ${DAYS} days`)
  // The last of them: nobody is as likely to want it while it is held.
  const start = starts.at(-1)
  const fix = 'Name an --organization with free times, or let it be.'
  return [found, start ? await checkHold(ask, { api, service }, start) : warning('hold', 'no time is free', fix)]
}

/** A time is held, is seen to be, and is let go: nothing of it stays. */
async function checkHold(ask: Ask, { api, service }: Bookable, start: string): Promise<Finding> {
  const held = await ask(`${api}/holds`, { method: 'POST', body: { service: service.slug, start } })
  if (held.status !== 201) return failed('hold', answered(`${start} was not held:`, held), FIX)
  const hold = `${api}/holds/${parseId(held.body)}`
  const seen = await ask(hold)
  const released = await ask(hold, { method: 'DELETE' })
  const gone = await ask(hold)
  const statuses = [held, seen, released, gone].map(({ status }) => status).join(', ')
  if (statuses === '201, 200, 204, 404') return ok('hold', `${start} was held and let go`)
  const fix = `${FIX} A hold that stayed ends by itself within five minutes.`
  return failed('hold', `held, seen, released, gone: ${statuses}; 201, 200, 204, 404 were expected`, fix)
}

function answered(what: string, { status, body }: Answer): string {
  return `${what} ${status} ${body.slice(0, 200)}`.trim()
}

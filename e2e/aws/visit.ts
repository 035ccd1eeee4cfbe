import { createBusiness } from '../stack/business.ts'
import { startBalancer } from './balancer.ts'

/** Sets up a business through the load balancer and books there; answers the status of the booking, 201 if it was taken. */
export async function bookThrough({
  target,
  domain,
  slug,
}: {
  target: string
  domain: string
  slug: string
}): Promise<number> {
  await using balancer = await startBalancer(target, domain)
  const url = `http://127.0.0.1:${balancer.port}`
  const { services, providers } = await createBusiness(url, { slug, providers: 1 })
  const day = Temporal.Now.plainDateISO('UTC').add({ days: 3 }).toString()
  const customer = { name: 'A customer', email: 'customer@example.com' }
  const answer = await fetch(`${url}/api/v1/organizations/${slug}/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ service: services.half, start: `${day}T10:00:00Z`, provider: providers[0], customer }),
  })
  await answer.arrayBuffer()
  return answer.status
}

/** What an address answers; 0 where nobody does. */
export async function statusOf(url: string): Promise<number> {
  const answer = await fetch(url).catch(() => undefined)
  await answer?.arrayBuffer()
  return answer?.status ?? 0
}

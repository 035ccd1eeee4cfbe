import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from '../ask.ts'
import type { Claims } from '../claims.ts'
import type { Stack } from '../compose.ts'
import type { LoadReport } from '../load.ts'

const PATIENCE_MS = 60_000
const PAUSE_MS = 500

/** Whether the set-up wants visitors again within a minute. */
export async function untilReady(url: string): Promise<boolean> {
  const deadlineMs = performance.now() + PATIENCE_MS
  while (performance.now() < deadlineMs) {
    const answer = await ask(`${url}/health/ready`).catch(() => undefined)
    if (answer?.status === 200) return true
    await sleep(PAUSE_MS)
  }
  return false
}

/** What failed says that it may be tried again, and nothing else. */
export function onlyRetryable(claims: Claims, { sent, failed }: LoadReport): void {
  const others = [...failed].filter(([what]) => !/ 503\b/.test(what))
  const count = [...failed.values()].reduce((sum, some) => sum + some, 0)
  claims.check(
    `${count} of ${sent} requests failed, and all of them may be tried again`,
    others.length === 0,
    JSON.stringify(Object.fromEntries(others)),
  )
}

/** That every acknowledged booking is in the database; for `check`. */
export async function lostOf(stack: Stack, { booked }: LoadReport): Promise<[string, boolean, string]> {
  const ids = new Set(await stack.sql('select id from booking'))
  const missing = booked.filter((id) => !ids.has(id)).length
  return [`each of ${booked.length} acknowledged bookings is in the database`, missing === 0, `${missing} are not`]
}

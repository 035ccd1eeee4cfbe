import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from '../ask.ts'
import { openShop } from '../business.ts'
import type { Group } from '../claims.ts'
import { docker, NO_LIMITS, OPEN_DOORS, startStack } from '../compose.ts'
import { startLoad } from '../load.ts'
import type { Scene } from '../scene.ts'
import { lostOf, onlyRetryable, untilReady } from './after.ts'

const PER_SECOND = 20
const SIZE = '400m'

/** A set-up of its own whose database has little room, which somebody else takes. */
export const fullDisk: Group<Scene> = {
  name: 'the disk of the database is full',
  run: async ({ releases }, claims) => {
    await using stack = await startStack(releases.first, { ...OPEN_DOORS, ...NO_LIMITS }, makeSmallDisk)
    const shop = await openShop(stack.url, 'disk', 20)
    const load = startLoad(stack.url, shop, PER_SECOND)
    await sleep(2_000)
    // From beside the database, which may be down by then.
    const onDisk = (script: string) => {
      const mount = ['--user', '0', '-v', `${stack.project}_database:/disk`, '--entrypoint', 'sh']
      return docker('run', '--rm', '--network', 'none', ...mount, `slotkeeper:${releases.first}`, '-c', script)
    }
    await onDisk('dd if=/dev/zero of=/disk/filler bs=1M || true')
    await sleep(15_000)
    const booking = await ask(`${stack.url}/api/v1/organizations/${shop.slug}/bookings`, {
      method: 'POST',
      headers: { 'idempotency-key': 'on-a-full-disk' },
      body: { service: 'half', ...shop.next(), customer: { name: 'A customer', email: 'full@example.com' } },
    })
    const what = `${booking.status}: ${booking.body.slice(0, 200)}`
    claims.check(
      'what cannot be written is refused with a clear error, or written',
      [201, 503].includes(booking.status),
      what,
    )
    await onDisk('rm /disk/filler')
    claims.check('it comes back by itself when there is room', await untilReady(stack.url))
    await sleep(5_000)
    const report = await load.stop()
    onlyRetryable(claims, report)
    claims.check(...(await lostOf(stack, report)))
    const verdict = await stack.compose('exec', '-T', 'app', 'node', 'apps/server/src/main.ts', 'audit', 'verify')
    claims.check('the audit trail is whole', !/\bbroken\b/i.test(verdict), verdict)
  },
}

/** In memory: it is gone with the last container that uses it. */
async function makeSmallDisk(project: string): Promise<void> {
  const options = ['--opt', 'type=tmpfs', '--opt', 'device=tmpfs', '--opt', `o=size=${SIZE}`]
  const labels = ['--label', `com.docker.compose.project=${project}`, '--label', 'com.docker.compose.volume=database']
  await docker('volume', 'create', ...options, ...labels, `${project}_database`)
}

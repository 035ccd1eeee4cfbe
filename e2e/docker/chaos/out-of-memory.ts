import { setTimeout as sleep } from 'node:timers/promises'
import type { Group } from '../claims.ts'
import { openShop } from '../business.ts'
import { docker } from '../compose.ts'
import { startLoad } from '../load.ts'
import type { Scene } from '../scene.ts'
import { lostOf, untilReady } from './after.ts'

const PER_SECOND = 30

/**
 * Takes memory until the kernel ends somebody, and offers the application first: who asks for too much is itself the one
 * in real life.
 */
const GREEDY = `
for (const id of require('node:fs').readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && name !== String(process.pid)))
  try { require('node:fs').writeFileSync('/proc/' + id + '/oom_score_adj', '1000') } catch {}
const taken = []
for (;;) taken.push(Buffer.alloc(16 * 1024 * 1024, 1))`

/** The kernel ends one application container that wants more memory than it may have. */
export const outOfMemory: Group<Scene> = {
  name: 'an application container runs out of memory',
  run: async ({ stack }, claims) => {
    const shop = await openShop(stack.url, 'memory', 20)
    const [victim = ''] = await stack.containers('app')
    const load = startLoad(stack.url, shop, PER_SECOND)
    await sleep(2_000)
    // It ends with the container that it runs in.
    await docker('exec', victim, 'node', '-e', GREEDY).catch(() => undefined)
    await sleep(1_000)
    const [restarts = '0'] = (await docker('inspect', '-f', '{{.RestartCount}}', victim)).split('\n')
    claims.check('it was ended, and started anew by itself', Number(restarts) > 0, `${restarts} restarts`)
    claims.check('it is ready again', await untilReady(stack.url))
    await sleep(5_000)
    const report = await load.stop()
    const lost = JSON.stringify(Object.fromEntries(report.failed))
    claims.check(`none of ${report.sent} requests failed`, report.failed.size === 0, lost)
    claims.check(...(await lostOf(stack, report)))
  },
}

import { setTimeout as sleep } from 'node:timers/promises'
import { openShop } from '../business.ts'
import type { Group } from '../claims.ts'
import { startLoad } from '../load.ts'
import type { Scene } from '../scene.ts'
import { lostOf, onlyRetryable, untilReady } from './after.ts'

const PER_SECOND = 60

/** PostgreSQL is restarted while people go on. */
export const databaseRestart: Group<Scene> = {
  name: 'a restart of PostgreSQL',
  run: async ({ stack }, claims) => {
    const shop = await openShop(stack.url, 'restart', 20)
    const load = startLoad(stack.url, shop, PER_SECOND)
    await sleep(2_000)
    await stack.compose('restart', 'db')
    claims.check('it is ready again', await untilReady(stack.url))
    await sleep(3_000)
    const report = await load.stop()
    onlyRetryable(claims, report)
    claims.check(...(await lostOf(stack, report)))
  },
}

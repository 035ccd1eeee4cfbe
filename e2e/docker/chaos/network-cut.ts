import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from '../ask.ts'
import { openShop } from '../business.ts'
import type { Group } from '../claims.ts'
import { docker } from '../compose.ts'
import { startLoad } from '../load.ts'
import type { Scene } from '../scene.ts'
import { lostOf, onlyRetryable, untilReady } from './after.ts'

const PER_SECOND = 20

/** The cable between the database and everybody else is pulled, and put back. */
export const networkCut: Group<Scene> = {
  name: 'the network to the database is cut',
  run: async ({ stack }, claims) => {
    const shop = await openShop(stack.url, 'cut', 20)
    const network = `${stack.project}_data`
    const [database = ''] = await stack.containers('db')
    const load = startLoad(stack.url, shop, PER_SECOND)
    await sleep(2_000)
    await docker('network', 'disconnect', network, database)
    await sleep(5_000)
    const ready = await ask(`${stack.url}/health/ready`)
    claims.check(
      'while it is cut, health says that the database does not answer',
      ready.status === 503,
      `${ready.status}: ${ready.body}`,
    )
    await sleep(20_000)
    await docker('network', 'connect', '--alias', 'db', network, database)
    claims.check('it comes back by itself', await untilReady(stack.url))
    await sleep(5_000)
    const report = await load.stop()
    onlyRetryable(claims, report)
    claims.check(...(await lostOf(stack, report)))
    const answer = await ask(`${stack.url}/${shop.slug}`)
    claims.check('people see the business again', answer.status === 200, String(answer.status))
  },
}

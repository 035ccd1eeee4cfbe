import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from '../ask.ts'
import { openShop } from '../business.ts'
import type { Group } from '../claims.ts'
import { docker, type Stack } from '../compose.ts'
import { startLoad } from '../load.ts'
import type { Scene } from '../scene.ts'
import { lostOf, onlyRetryable, untilReady } from './after.ts'

const PER_SECOND = 5
const DELAY_MS = 200
const ELSEWHERE = 'db-behind-a-slow-line'

/** Passes everything on, later. */
const SLOW_LINE = `
require('node:net').createServer((near) => {
  const far = require('node:net').connect(5432, '${ELSEWHERE}')
  const later = (to) => (chunk) => setTimeout(() => to.write(chunk), ${DELAY_MS})
  near.on('data', later(far)).on('error', () => far.destroy()).on('close', () => far.destroy())
  far.on('data', later(near)).on('error', () => near.destroy()).on('close', () => near.destroy())
}).listen(5432)`

/** The way to the database takes long: a program in between keeps everything back that passes. */
export const slowDatabase: Group<Scene> = {
  name: 'the way to the database is slow',
  run: async ({ stack, releases }, claims) => {
    const shop = await openShop(stack.url, 'slow', 20)
    const [database = ''] = await stack.containers('db')
    const network = `${stack.project}_data`
    const line = await putBetween({ stack, network, database, image: `slotkeeper:${releases.first}` })
    try {
      claims.check('it goes on behind a slow line', await untilReady(stack.url))
      const load = startLoad(stack.url, shop, PER_SECOND)
      await sleep(15_000)
      const report = await load.stop()
      claims.check(`of ${report.sent} requests, some were served`, report.booked.length > 0)
      onlyRetryable(claims, report)
      claims.check(...(await lostOf(stack, report)))
    } finally {
      await docker('rm', '-f', line)
      await docker('network', 'disconnect', network, database)
      await docker('network', 'connect', '--alias', 'db', network, database)
    }
    claims.check('it is fast again when the line is', await untilReady(stack.url))
    const answer = await ask(`${stack.url}/${shop.slug}`)
    claims.check('people see the business', answer.status === 200, String(answer.status))
  },
}

type Between = { stack: Stack; network: string; database: string; image: string }

/** Puts the slow line where the database was. */
async function putBetween({ stack, network, database, image }: Between): Promise<string> {
  await docker('network', 'disconnect', network, database)
  await docker('network', 'connect', '--alias', ELSEWHERE, network, database)
  const program = ['--network-alias', 'db', '--entrypoint', 'node', image, '-e', SLOW_LINE]
  return docker('run', '-d', '--name', `${stack.project}-slow-line`, '--network', network, ...program)
}

import { setTimeout as sleep } from 'node:timers/promises'
import { rollOut } from '../../deploy/rollout/roll-out.ts'
import type { Shop } from './business.ts'
import type { Group } from './claims.ts'
import { docker, type Stack } from './compose.ts'
import { startLoad } from './load.ts'
import { placeOf, type Scene } from './scene.ts'

const PER_SECOND = 60
/** What is ready is ready by then; what is not never will be. */
const PATIENCE_MS = 30_000

/** Rolls out what must not come into service, while people go on: it goes back by itself, and nobody notices. */
export function badReleases(shop: () => Shop): Group<Scene> {
  return {
    name: 'roll outs that fail, under load',
    run: async ({ stack, releases }, claims) => {
      for (const { version, because } of releases.bad) {
        const before = await whatRuns(stack)
        const load = startLoad(stack.url, shop(), PER_SECOND)
        await sleep(2_000)
        const refusal = await rollOut({ ...placeOf(stack), version, patienceMs: PATIENCE_MS }).then(
          () => undefined,
          (error: unknown) => String(error),
        )
        await sleep(2_000)
        const { sent, failed } = await load.stop()
        claims.check(`${because}: it is refused`, refusal !== undefined)
        const lost = JSON.stringify(Object.fromEntries(failed))
        claims.check(`${because}: none of ${sent} requests failed`, failed.size === 0, lost)
        const after = await whatRuns(stack)
        claims.check(`${because}: what ran before runs again`, after === before, `${after}; before ${before}`)
      }
    },
  }
}

/** Images of all containers, and the newest migration. */
async function whatRuns(stack: Stack): Promise<string> {
  const ids = [...(await stack.containers('app')), ...(await stack.containers('worker'))]
  const images = (await docker('inspect', '-f', '{{.Config.Image}}', ...ids)).split('\n')
  const newest = await stack.sql('select name from schema_migration order by id desc limit 1')
  return [...images.sort(), ...newest].join(' ')
}

import { setTimeout as sleep } from 'node:timers/promises'
import { rollBack, rollOut } from '../../deploy/rollout/roll-out.ts'
import { closeConnections } from './ask.ts'
import { badReleases } from './bad-releases.ts'
import { openShop, type Shop } from './business.ts'
import { lostOf } from './chaos/after.ts'
import { databaseRestart } from './chaos/database-restart.ts'
import { fullDisk } from './chaos/full-disk.ts'
import { networkCut } from './chaos/network-cut.ts'
import { outOfMemory } from './chaos/out-of-memory.ts'
import { slowDatabase } from './chaos/slow-database.ts'
import { wrongSettings } from './chaos/wrong-settings.ts'
import type { Claims, Group } from './claims.ts'
import { docker, NO_LIMITS } from './compose.ts'
import { startLoad, type LoadReport } from './load.ts'
import { placeOf, type Scene } from './scene.ts'

const PER_SECOND = 60
/** Requests of each trial under load, in the long form. */
const LEAST = 5_000

/** What happens to the set-up while people go on, and what it must cost: nothing. */
const TRIALS: { name: string; figure: string; happen: (scene: Scene) => Promise<unknown> }[] = [
  {
    name: 'a roll out',
    figure: 'docker.rollout.failed',
    happen: ({ stack, releases: { second } }) => rollOut({ ...placeOf(stack), version: second }),
  },
  { name: 'a roll back', figure: 'docker.rollback.failed', happen: ({ stack }) => rollBack(placeOf(stack)) },
  { name: 'scaling from 2 to 5 to 2', figure: 'docker.scale.failed', happen: scale },
  { name: 'a killed application container', figure: 'docker.kill.failed', happen: killOne },
  {
    name: 'a restart of Redis',
    figure: 'docker.redis.failed',
    happen: async ({ stack }) => {
      await stack.compose('restart', 'redis')
    },
  },
]

async function scale({ stack }: Scene): Promise<void> {
  await stack.compose('up', '-d', '--no-deps', '--no-recreate', '--scale', 'app=5', '--wait', 'app')
  await sleep(3_000)
  for (const id of (await stack.containers('app')).slice(2)) {
    await docker('stop', id)
    await docker('rm', id)
  }
}

async function killOne({ stack }: Scene): Promise<void> {
  const [app = ''] = await stack.containers('app')
  const [worker = ''] = await stack.containers('worker')
  await docker('kill', app, worker)
  await docker('start', app, worker)
  await sleep(15_000)
}

const under = (trial: (typeof TRIALS)[number], shop: () => Shop): Group<Scene> => ({
  name: `${trial.name}, under load`,
  run: async (scene, claims) => {
    const load = startLoad(scene.stack.url, shop(), PER_SECOND)
    await sleep(3_000)
    await trial.happen(scene)
    const leastMs = scene.isShort ? 3_000 : Math.ceil(LEAST / PER_SECOND) * 1_000
    await sleep(leastMs)
    const report = await load.stop()
    await judge(scene, report, { claims, figure: trial.figure })
  },
})

async function judge(
  { stack, figures }: Scene,
  report: LoadReport,
  { claims, figure }: { claims: Claims; figure: string },
): Promise<void> {
  const { sent, failed } = report
  const lost = [...failed.values()].reduce((sum, count) => sum + count, 0)
  figures.push({ name: figure, value: lost, unit: 'requests', reference: 'requests sent', ratio: lost / sent })
  claims.check(`none of ${sent} requests failed`, lost === 0, JSON.stringify(Object.fromEntries(failed)))
  claims.check(...(await lostOf(stack, report)))
  const [double = ''] = await stack.sql(
    `select count(*) from (select provider_id, starts_at from booking where state <> 'cancelled' group by 1, 2 having count(*) > 1) twice`,
  )
  claims.check('no time was booked twice', double === '0', `${double} were`)
}

/** What breaks, each with what is left of the service, as docs/operate/failures.md says. */
const FAULTS = [databaseRestart, networkCut, slowDatabase, outOfMemory, wrongSettings, fullDisk]

/** All groups, in their order. */
export function groupsOf(): Group<Scene>[] {
  let shop: Shop | undefined
  const theShop = () => {
    if (!shop) throw new Error('the shop is not open yet')
    return shop
  }
  const opening: Group<Scene> = {
    name: 'a business opens',
    run: async ({ stack }, claims) => {
      // From here on all visitors come from one address.
      await stack.set(NO_LIMITS)
      shop = await openShop(stack.url, 'load', 40)
      claims.check('a business is set up through nginx', shop.providers.length === 40)
    },
  }
  const closing: Group<Scene> = { name: 'the end', run: async () => closeConnections() }
  return [opening, ...TRIALS.map((trial) => under(trial, theShop)), badReleases(theShop), ...FAULTS, closing]
}

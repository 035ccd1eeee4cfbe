import { parseArgs } from 'node:util'
import { answerHelp } from '../../apps/server/src/shared/command-help.ts'
import { buildImage } from '../containers/harness/image.ts'
import { createClaims, endWith } from '../docker/claims.ts'
import { startGround } from './ground.ts'
import { makeImages } from './images.ts'
import { deployed, VERSION } from '../../deploy/aws/test/deployed.ts'
import { tryMachine } from './try-machine.ts'
import { tryTasks } from './try-tasks.ts'
import { readUserData } from './user-data.ts'

// Runs what the templates of deploy/aws say machines and containers shall run, as they say it, with stand-ins for what is
// AWS's own: whether the product really starts that way.

answerHelp(`
npm run test:aws -- [--short] [--image slotkeeper:candidate]

Runs the user data of a machine under systemd and cloud-init, and the containers of every task, as the synthesised template
of production has them, with this checkout's image or the one that is named. Needs a Docker engine that lets a container be
privileged. --short leaves out the machines that must fail. Nothing that it starts is left.
`)

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, image: { type: 'string' } },
})
const say = (line: string) => console.log(line)
const claims = createClaims(say)
await run().catch((error: unknown) => claims.check('it is tried to its end', false, String(error)))
endWith(claims, say)

async function run(): Promise<void> {
  const machines = deployed('production', 'machines')
  say('the user data of a machine, as text')
  await readUserData(machines.userData, claims)
  await using stack = new AsyncDisposableStack()
  const built = values.image ?? (await buildHere(stack))
  const ground = stack.use(await startGround(machines))
  const images = stack.use(await makeImages(built, ground, machines))
  await tryTasks({ deployed: deployed('production', 'containers'), ground, image: images.product, say }, claims)
  await tryMachine({ deployed: machines, ground, image: images.machine, say, short: values.short }, claims)
}

async function buildHere(stack: AsyncDisposableStack): Promise<string> {
  say('\nbuilding the image of this checkout: some minutes')
  const { name, version } = stack.use(await buildImage(VERSION))
  return `${name}:${version}`
}

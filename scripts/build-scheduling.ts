import { join } from 'node:path'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { buildScheduling, SCHEDULING } from './package/scheduling.ts'
import { ROOT } from './shared/run-command.ts'

answerHelp(`
Makes of packages/scheduling what can be published: npm run build --workspace @slotkeeper/scheduling
`)

const failure = await buildScheduling(join(ROOT, SCHEDULING, 'dist'))
if (failure !== undefined) {
  console.error(failure)
  process.exitCode = 1
}

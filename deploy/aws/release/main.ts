import { answerHelp } from '../../../apps/server/src/shared/command-help.ts'
import { HELP, release } from './command.ts'
import { docker } from './images.ts'

answerHelp(HELP)

const startMs = performance.now()
process.exitCode = await release(process.argv.slice(2), {
  env: process.env,
  docker,
  say: (line) => console.log(`${((performance.now() - startMs) / 1_000).toFixed(1).padStart(6)} s  ${line}`),
  complain: (line) => console.error(line),
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { commandsOf, readWorkflows } from './pipeline/workflows.ts'
import { ROOT } from './shared/run-command.ts'

answerHelp(`
Runs here what the workflows run there: their jobs run npm scripts and nothing else.

  npm run pipeline                 lists every job with its commands
  npm run pipeline -- checks/scan  runs the commands of one job, one after the other, until one fails

Variables of a command come from the environment, as they do there. What an action of GitHub does is left out.
`)

const all = (await readWorkflows(ROOT)).flatMap(commandsOf).map(({ path, job, command }) => {
  return { name: `${path.split('/').at(-1)?.replace('.yml', '') ?? ''}/${job}`, command }
})
const [wanted] = process.argv.slice(2)
const chosen = all.filter(({ name }) => name === wanted)
if (wanted === undefined || wanted === '--list') {
  for (const { name, command } of all) console.log(`${name.padEnd(26)}${command}`)
} else if (chosen.length === 0) {
  console.error(`There is no job ${wanted}; npm run pipeline lists them.`)
  process.exitCode = 2
} else {
  for (const { command } of chosen) {
    console.log(`\n$ ${command}`)
    process.exitCode = await run(command)
    if (process.exitCode !== 0) break
  }
}

async function run(command: string): Promise<number> {
  const child = spawn('sh', ['-c', command], { cwd: ROOT, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { GENERATED } from './generated.ts'
import { runCommand } from './shared/run-command.ts'
import { formatReport, runSteps } from './shared/steps.ts'

answerHelp(`
Writes every generated file of the repository anew: npm run generate
`)

const steps = GENERATED.map(({ script, outputs }) => ({
  name: script,
  run: async () => ({ ...(await runCommand('npm', ['run', '--silent', script])), note: outputs.join(', ') }),
}))
const reports = await runSteps(steps, 1, (done) => console.log(formatReport(done)))
process.exitCode = reports.every(({ ok }) => ok) ? 0 : 1

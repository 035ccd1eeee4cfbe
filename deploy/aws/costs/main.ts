import { answerHelp } from '../../../apps/server/src/shared/command-help.ts'
import { costsPage } from './page.ts'

answerHelp(`
Prints what each environment on AWS costs in a month, and what that is computed from: npm run aws:costs
`)

process.stdout.write(await costsPage())

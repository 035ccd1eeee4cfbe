import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { checkLicences, listLicences, readLock } from './release/licences.ts'
import { ROOT } from './shared/run-command.ts'

answerHelp(`
Lists what goes along with the product, by licence, and ends with 1 when the policy of
scripts/release/licences.json does not allow one.

  npm run licences            licence, packages
  npm run licences -- --text  with the texts of the licences, to be given along with the product
`)

for (const line of await listLicences(ROOT, await readLock(ROOT), { withTexts: process.argv.includes('--text') })) {
  console.log(line)
}
for (const { state, found } of await checkLicences(ROOT)) {
  console.error(found)
  if (state === 'failed') process.exitCode = 1
}

import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { ensureSystemNeeds } from './test/system-needs.ts'

answerHelp(`
Installs what the tests need of the system, where it may: as root on Debian. Elsewhere it says what is missing.

  npm run needs
`)

const missing = await ensureSystemNeeds((line) => console.log(line))
if (missing !== undefined) {
  console.error(missing)
  process.exitCode = 1
}

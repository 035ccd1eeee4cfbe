import { runCommandLine } from './commands/command-line.ts'
import { COMMANDS } from './commands/table.ts'

process.exitCode = await runCommandLine(COMMANDS, process.argv.slice(2))

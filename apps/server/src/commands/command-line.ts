import { CommandError, UsageError, type ExitCode } from './command.ts'
import type { Entry } from './table.ts'

/** How the command line is called in what it prints. */
const PROGRAM = 'node apps/server/src/main.ts'

/**
 * Finds the command that the arguments name, and runs it.
 * @returns the exit code: 0 all is well, 1 a problem was found or met, 2 used wrongly
 */
export async function runCommandLine(commands: readonly Entry[], args: string[]): Promise<ExitCode> {
  const entry = find(commands, args)
  const wantsHelp = args.includes('--help') || args.includes('-h')
  if (!entry) return answerWithout(commands, args, wantsHelp)
  const { command } = await entry.load()
  if (wantsHelp) {
    process.stdout.write(`${command.help}\n`)
    return 0
  }
  try {
    return await command.start(args.slice(entry.name.split(' ').length))
  } catch (error) {
    if (error instanceof CommandError) return complain(error.message, 1)
    if (!(error instanceof UsageError)) throw error
    return complain(`${error.message}. \`${PROGRAM} ${entry.name} --help\` tells how it is used.`, 2)
  }
}

/** The command whose words the arguments begin with. */
function find(commands: readonly Entry[], args: string[]): Entry | undefined {
  return commands.find(({ name }) => name.split(' ').every((word, index) => args[index] === word))
}

function answerWithout(commands: readonly Entry[], args: string[], wantsHelp: boolean): ExitCode {
  const [first] = args
  const group = commands.filter(({ name }) => name.startsWith(`${first ?? ''} `))
  const list = overview(group.length > 0 ? group : commands)
  if (wantsHelp && (group.length > 0 || first?.startsWith('-'))) {
    process.stdout.write(`${list}\n`)
    return 0
  }
  if (first === undefined || group.length > 0) return complain(list, 2)
  return complain(`There is no command '${first}'.\n\n${list}`, 2)
}

/** The commands with their summaries, and what holds for all of them. */
function overview(commands: readonly Entry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    `Slotkeeper's commands: ${PROGRAM} <command>`,
    '',
    ...lines,
    '',
    `\`${PROGRAM} <command> --help\` tells how one is used. Settings are environment variables; .env.example names them.`,
    'Exit codes: 0 all is well, 1 a problem was found or met, 2 used wrongly.',
  ].join('\n')
}

function complain(text: string, code: ExitCode): ExitCode {
  process.stderr.write(`${text}\n`)
  return code
}

import { parseArgs, type ParseArgsConfig } from 'node:util'
import { createOutput, type Output } from './output.ts'

/** 0 all is well, 1 a problem was found or met, 2 the command was used wrongly. */
export type ExitCode = 0 | 1 | 2

type Options = NonNullable<ParseArgsConfig['options']>

type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>>

/** What a command is given: its options, what stands beside them, and where to tell what it does. */
export type Given<O extends Options> = Parsed<O> & { output: Output }

/** A command as its file describes it. */
export type Description<O extends Options> = {
  /** how it is used, with examples; printed by --help and in the operators' documentation */
  help: string
  options: O
  /** how many arguments it takes beside its options; none when left out */
  takes?: { atLeast: number; atMost: number }
  run: (given: Given<O>) => Promise<ExitCode>
}

/** A command ready to be used. */
export type Command = { help: string; start: (args: string[]) => Promise<ExitCode> }

/** The command was used wrongly: told in a sentence, and ends with 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** The command cannot do what it is asked for; the sentence says what to change. Ends with 1. */
export class CommandError extends Error {
  override name = 'CommandError'
}

/** For the options of a command that tells something: its result as JSON, on one line, for programs. */
export const JSON_OPTION = { json: { type: 'boolean' } } as const

/** Makes a command of its description; what it is given is checked before it runs. */
export function defineCommand<O extends Options>({ help, options, takes, run }: Description<O>): Command {
  const start = (args: string[]) => {
    const parsed = parse(args, options)
    const count = parsed.positionals.length
    const { atLeast, atMost } = takes ?? { atLeast: 0, atMost: 0 }
    if (count > atMost) throw new UsageError(`Unexpected argument '${parsed.positionals[atMost] ?? ''}'`)
    if (count < atLeast) throw new UsageError('An argument is missing')
    return run({ ...parsed, output: createOutput(args.includes('--json')) })
  }
  return { help: help.trim(), start }
}

function parse<O extends Options>(args: string[], options: O): Parsed<O> {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error
  }
}

import { describe, expect, test, vi } from 'vitest'
import { defineCommand, JSON_OPTION, type ExitCode } from './command.ts'
import { runCommandLine } from './command-line.ts'
import { COMMANDS, type Entry } from './table.ts'

const greet = defineCommand({
  help: 'Greets somebody.',
  options: { ...JSON_OPTION, loud: { type: 'boolean' } },
  takes: { atLeast: 1, atMost: 1 },
  async run({ positionals: [name = ''], values, output }) {
    output.tell({ name }, values.loud ? `HELLO ${name}` : `hello ${name}`)
    return name === 'nobody' ? 1 : 0
  },
})
const TABLE: Entry[] = [
  { name: 'greet', summary: 'greets', load: async () => ({ command: greet }) },
  { name: 'door open', summary: 'opens', load: async () => ({ command: greet }) },
]

type Outcome = { code: ExitCode; out: string; err: string }

/** Runs a command line and takes what it prints. */
async function run(table: readonly Entry[], ...args: string[]): Promise<Outcome> {
  const streams = { out: '', err: '' }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((streams.out += String(text)), true))
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((streams.err += String(text)), true))
  try {
    return { code: await runCommandLine(table, args), ...streams }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

test('a command gets its options and arguments, and its outcome is the exit code', async () => {
  expect(await run(TABLE, 'greet', 'Ada', '--loud')).toMatchObject({ code: 0, out: 'HELLO Ada\n' })
  expect(await run(TABLE, 'greet', 'nobody')).toMatchObject({ code: 1 })
  expect(await run(TABLE, 'door', 'open', 'Ada')).toMatchObject({ code: 0, out: 'hello Ada\n' })
})

test('with --json, the result is one line of JSON', async () => {
  expect(JSON.parse((await run(TABLE, 'greet', 'Ada', '--json')).out)).toEqual({ name: 'Ada' })
})

describe('what is used wrongly ends with 2 and says what there is', () => {
  test.each([
    [[], 'greet      greets'],
    [['dance'], "There is no command 'dance'"],
    [['door'], 'door open  opens'],
    [['greet'], 'An argument is missing'],
    [['greet', 'Ada', 'Bob'], "Unexpected argument 'Bob'"],
    [['greet', 'Ada', '--soft'], "Unknown option '--soft'"],
  ])('%j', async (args, told) => {
    const { code, out, err } = await run(TABLE, ...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(told)
  })
})

test('--help lists the commands, and those of a group', async () => {
  expect(await run(TABLE, '--help')).toMatchObject({ code: 0, out: expect.stringContaining('greet      greets') })
  const { code, out } = await run(TABLE, 'door', '--help')
  expect(code).toBe(0)
  expect(out).toContain('door open')
  expect(out).not.toContain('greets')
})

test.each(COMMANDS.map(({ name }) => name))('%s tells with --help how it is used', async (name) => {
  const { code, out } = await run(COMMANDS, ...name.split(' '), '--help')
  expect(code).toBe(0)
  expect(out).toContain(`node apps/server/src/main.ts ${name}`)
})

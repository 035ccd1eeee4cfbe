import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { differentPins, lintWorkflow, problemsOf } from './rules.ts'
import { commandsOf, type Workflow, type WorkflowFile } from './workflows.ts'

const PIN = '0123456789abcdef0123456789abcdef01234567'
const GOOD = `
on: push
permissions: {}
concurrency: one
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@${PIN} # v5.0.0
        with: { persist-credentials: false }
      - run: npm run test -- "$SUITE"
        env: { SUITE: all }
`

function fileOf(text: string, path = '.github/workflows/test.yml'): WorkflowFile {
  return { path, text, workflow: parse(text) as Workflow }
}

function changed(from: string | RegExp, to: string): string[] {
  return problemsOf(fileOf(GOOD.replace(from, to)), ['test'])
}

test('a workflow that runs npm scripts, pinned and with the least rights, is accepted', async () => {
  expect(problemsOf(fileOf(GOOD), ['test'])).toEqual([])
  expect(await lintWorkflow(fileOf(GOOD))).toEqual([])
  // What came into the language in 2023 and 2024.
  const newer = GOOD.replace('ubuntu-latest', 'ubuntu-24.04')
    .replace('contents: read', 'attestations: read')
    .replace('SUITE: all', 'SUITE: "${{ vars.SUITE }}"')
  expect(await lintWorkflow(fileOf(newer))).toEqual([])
})

test.each<[string, string | RegExp, string, RegExp]>([
  ['an action by its tag', `@${PIN} # v5.0.0`, '@v5', /not pinned/],
  ['a commit without its version', ' # v5.0.0', '', /not pinned/],
  ['rights for all jobs', 'permissions: {}', 'permissions: { contents: read }', /permissions: {}/],
  ['a job without rights of its own', '    permissions: { contents: read }\n', '', /declares no permissions/],
  ['a right to write', 'contents: read', 'contents: write', /may write contents/],
  ['no end in time', '    timeout-minutes: 5\n', '', /no timeout/],
  ['no concurrency group', 'concurrency: one\n', '', /concurrency/],
  ['strangers with secrets', 'on: push', 'on: pull_request_target', /strangers/],
  ['a token that stays', 'persist-credentials: false', 'persist-credentials: true', /token/],
  ['a script that is not there', 'npm run test', 'npm run tests', /no npm script/],
  ['two commands', '"$SUITE"', '"$SUITE" && echo done', /more than one/],
  ['an expression in a command', '"$SUITE"', '${{ github.head_ref }}', /more than one/],
  ['a variable that is not quoted', '"$SUITE"', '$SUITE', /more than one/],
])('refused: %s', (_what, from, to, problem) => {
  const problems = changed(from, to)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(problem)
})

test.each([
  ['what no job is called', 'timeout-minutes: 5', 'needs: nobody', /nobody/],
  ['a runner that there is not', 'ubuntu-latest', 'ubuntu-24.40', /label "ubuntu-24.40" is unknown/],
  ['a right that there is not', 'contents: read', 'attestation: read', /unknown permission scope "attestation"/],
  ['a value that there is not', 'SUITE: all', 'SUITE: "${{ var.SUITE }}"', /undefined variable "var"/],
])('what the language forbids is told with its line: %s', async (_what, from, to, problem) => {
  const found = await lintWorkflow(fileOf(GOOD.replace(from, to)))
  expect(found).toEqual([expect.stringMatching(/test\.yml:\d+ /)])
  expect(found[0]).toMatch(problem)
})

test('an action has the same pin wherever it is used, whichever part of it', () => {
  const one = `- uses: github/codeql-action/init@${PIN} # v4.0.0`
  expect(differentPins([one, one.replace('init', 'analyze')])).toEqual([])
  expect(differentPins([one, one.replace('init@0', 'analyze@1')])).toHaveLength(1)
})

test('a command is known once for each value of its matrix', () => {
  const text = GOOD.replace('SUITE: all', "SUITE: '${{ matrix.suite }}'").replace(
    '    timeout',
    '    strategy: { matrix: { suite: [unit, db] } }\n    timeout',
  )
  expect(commandsOf(fileOf(text)).map(({ command }) => command)).toEqual(['npm run test -- unit', 'npm run test -- db'])
})

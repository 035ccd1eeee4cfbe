import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, tryRun } from '../harness/command.ts'
import type { Tools } from '../harness/group.ts'
import type { Installation } from '../harness/installation.ts'

type Finding = { id: string; severity: string; finding: string }

/** WARN is about the program itself, and what this machine lets it try. */
const BAD = ['MEDIUM', 'HIGH', 'CRITICAL', 'FATAL']

/**
 * What compression could give away (BREACH) is a secret that stands in an answer beside what somebody else has put there.
 * No answer has one: sessions are in cookies, forms are checked by where they come from, and who asks for the page of a link
 * in a mail knows its token.
 */
const ACCEPTED = ['BREACH']

/** What it finds in every certificate that vouches for itself, as that of a first start does. */
const OF_SELF_SIGNED = ['cert_chain_of_trust', 'cert_revocation', 'cert_trust', 'overall_grade', 'grade_cap_reason_1']

const EXPECTED = new Set([...OF_SELF_SIGNED, ...ACCEPTED])

/** Asks a program that knows every weakness of TLS: testssl.sh, which Debian has. */
export async function checkByTestssl(installation: Installation, check: Tools['check']): Promise<void> {
  const program = (await findProgram()) ?? (await install())
  if (program === undefined) {
    console.log('  --  testssl.sh is not installed (apt-get install testssl.sh): what it would find is left out')
    return
  }
  await check(
    'testssl.sh finds nothing of severity MEDIUM or worse, but that the certificate is self-signed',
    async () => {
      const found = await findings(program, installation)
      assert.ok(
        found.some(({ id }) => id === 'TLS1_3'),
        'it has tried nothing',
      )
      const bad = found
        .filter(({ id, severity }) => BAD.includes(severity) && !EXPECTED.has(id.split(' ')[0] ?? ''))
        .map(({ id, severity, finding }) => `${severity} ${id}: ${finding}`)
      assert.deepEqual(bad, [])
    },
  )
}

async function findings(program: string, { httpsPort }: Installation): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-testssl-'))
  try {
    const file = join(folder, 'findings.json')
    await tryRun(program, ['--quiet', '--color', '0', '--jsonfile', file, `localhost:${httpsPort}`])
    return JSON.parse(await readFile(file, 'utf8')) as Finding[]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function findProgram(): Promise<string | undefined> {
  const { code, stdout } = await tryRun('sh', ['-c', 'command -v testssl || command -v testssl.sh'])
  return code === 0 ? stdout.trim() : undefined
}

/** Where one may, and where it can be had. */
async function install(): Promise<string | undefined> {
  if (process.getuid?.() !== 0 || (await tryRun('sh', ['-c', 'command -v apt-get'])).code !== 0) return undefined
  await run('apt-get', ['install', '--yes', '--no-install-recommends', 'testssl.sh'])
  return findProgram()
}

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../../scripts/shared/run-command.ts'
import type { Context, Group } from '../group.ts'
import { createTenants, type Tenants } from '../site/tenants.ts'
import { EXCEPTIONS, unaccepted } from './exceptions.ts'
import { findingsOfSqlmap, findingsOfWapiti } from './reports.ts'

/** How long each scanner looks around. */
const SECONDS = { short: 90, long: 300 }

/** Scanners that others have written, against the running product. */
export const scanners: Group = {
  name: 'scanners',
  isLong: true,
  run: async (context) => {
    const missing = await ensureScanners(context.say)
    if (missing !== undefined) {
      context.say(`  left out: ${missing}`)
      return
    }
    const tenants = await createTenants(context.site, `scan${String(context.seed)}`)
    const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-scan-'))
    try {
      await runWapiti(context, tenants, folder)
      await runSqlmap(context, tenants, folder)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

/** @returns one sentence that says what is missing; undefined when all is there */
async function ensureScanners(say: (line: string) => void): Promise<string | undefined> {
  const areThere = async () => (await runCommand('sh', ['-c', 'command -v wapiti && command -v sqlmap'])).ok
  if (await areThere()) return undefined
  const mayInstall = process.getuid?.() === 0 && (await runCommand('apt-get', ['--version'])).ok
  if (mayInstall) {
    say('  installing wapiti and sqlmap from the packages of the system')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await runCommand('apt-get', ['update', '-q'], { env })
    await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'wapiti', 'sqlmap'], { env })
  }
  return (await areThere())
    ? undefined
    : 'wapiti and sqlmap are not there. Debian and Ubuntu: apt-get install wapiti sqlmap'
}

const today = () => Temporal.Now.plainDateISO('UTC').toString()

async function runWapiti({ site, claims, short, say }: Context, { ours }: Tenants, folder: string): Promise<void> {
  const seconds = short ? SECONDS.short : SECONDS.long
  const report = join(folder, 'wapiti.json')
  say(`  wapiti looks around for ${String(seconds)} s at most`)
  // Without what tells others: reports of its own crashes, and modules that need a server of its makers.
  const flags = [
    ...['-u', `${site.publicUrl}/${ours.business.slug}`, '--scope', 'domain', '--verify-ssl', '0', '--flush-session'],
    ...[
      '-f',
      'json',
      '-o',
      report,
      '--max-scan-time',
      String(seconds),
      '--max-attack-time',
      String(Math.ceil(seconds / 11)),
    ],
    ...['--max-links-per-page', '30', '-d', '3', '--color', '-v', '0'],
    ...['-H', `Cookie: ${ours.business.cookie}`, '--no-bugreport', '--store-session', folder],
    ...['-m', 'backup,blindsql,cookieflags,crlf,csp,exec,file,http_headers,permanentxss,redirect,sql,xss'],
  ]
  const { output } = await runCommand('timeout', ['-k', '10', String(seconds * 4), 'wapiti', ...flags])
  const text = await readFile(report, 'utf8').catch(() => undefined)
  claims.check('wapiti has looked around and written its report', text !== undefined, output.slice(-800))
  if (text === undefined) return
  const findings = unaccepted('wapiti', findingsOfWapiti(text), { exceptions: EXCEPTIONS, date: today() })
  claims.check('wapiti finds nothing', findings.length === 0, findings.slice(0, 20).join('\n'))
}

async function runSqlmap({ site, claims, short, say }: Context, { ours }: Tenants, folder: string): Promise<void> {
  const { slug, cookie, dates } = ours.business
  const seconds = short ? SECONDS.short : SECONDS.long
  const base = `${site.url}/api/v1/organizations/${slug}`
  const targets = {
    'the search for customers': `${base}/customers?q=a*&limit=5`,
    'the list of bookings': `${base}/bookings?from=${dates[0] ?? ''}T00:00:00Z&state=confirmed*`,
    'free times': `${base}/services/cut*/slots?from=${dates[0] ?? ''}&to=${dates[0] ?? ''}&timeZone=UTC*`,
    'a booking by its link': `${site.url}/api/v1/bookings/${ours.links.booking.id}*?token=${ours.links.booking.token}*`,
  }
  const each = Math.ceil(seconds / Object.keys(targets).length)
  for (const [what, url] of Object.entries(targets)) {
    say(`  sqlmap tries ${what} for ${String(each)} s at most`)
    const flags = [
      ...[
        '-u',
        url,
        '--batch',
        '--disable-coloring',
        '--level',
        '2',
        '--risk',
        '2',
        '--dbms',
        'postgresql',
        '--threads',
        '4',
      ],
      ...[
        '--cookie',
        cookie,
        '--output-dir',
        folder,
        '--flush-session',
        '--ignore-code',
        '400,401,403,404',
        '--technique',
        'BEUST',
      ],
    ]
    const { output, exitCode } = await runCommand('timeout', ['-k', '5', String(each), 'sqlmap', ...flags])
    // 124: its time was over.
    const hasRun = output.includes('testing') && (exitCode === 0 || exitCode === 124)
    const findings = unaccepted('sqlmap', findingsOfSqlmap(output), { exceptions: EXCEPTIONS, date: today() })
    claims.check(
      `sqlmap gets nowhere with ${what}`,
      hasRun && findings.length === 0,
      findings.join('\n') || output.slice(-600),
    )
  }
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../../scripts/shared/run-command.ts'
import type { Context, Group } from '../group.ts'
import { createTenants, type Link, type Tenants } from '../site/tenants.ts'
import { EXCEPTIONS, unaccepted } from './exceptions.ts'
import { findingsOfSqlmap, findingsOfWapiti, pagesOfWapiti } from './reports.ts'

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

/** Fewer pages than this and it has looked at the door alone. */
const FEWEST_PAGES = 20

async function runWapiti({ site, claims, short, say }: Context, tenants: Tenants, folder: string): Promise<void> {
  const { ours } = tenants
  const seconds = short ? SECONDS.short : SECONDS.long
  const report = join(folder, 'wapiti.json')
  const starts = join(folder, 'starts.txt')
  await writeFile(
    starts,
    startsOf(tenants)
      .map((path) => `${site.publicUrl}${path}\n`)
      .join(''),
  )
  say(`  wapiti looks around for ${String(seconds)} s at most, and attacks for as long`)
  const flags = [
    ...['-u', `${site.publicUrl}/${ours.business.slug}`, '-s', starts, '--scope', 'domain', '--verify-ssl', '0'],
    ...['-f', 'json', '-o', report, '--flush-session', '--store-session', folder],
    ...['--max-scan-time', String(seconds), '--max-attack-time', String(Math.ceil(seconds / MODULES.length))],
    ...['--max-links-per-page', '30', '-d', '3', '--color', '-v', '0', '-m', MODULES.join(',')],
    // Without what tells others: reports of its own crashes.
    ...['-H', `Cookie: ${ours.business.cookie}`, '--no-bugreport'],
  ]
  const { output } = await runCommand('timeout', ['-k', '10', String(seconds * 4), 'wapiti', ...flags])
  const text = await readFile(report, 'utf8').catch(() => undefined)
  claims.check('wapiti has looked around and written its report', text !== undefined, output.slice(-800))
  if (text === undefined) return
  const pages = pagesOfWapiti(output)
  claims.check(`wapiti has attacked ${String(pages)} pages and forms`, pages >= FEWEST_PAGES, output.slice(-800))
  const findings = unaccepted('wapiti', findingsOfWapiti(text), { exceptions: EXCEPTIONS, date: today() })
  claims.check('wapiti finds nothing', findings.length === 0, findings.slice(0, 20).join('\n'))
}

/** All but those that need a server of its makers, or try passwords. */
const MODULES = 'backup,blindsql,cookieflags,crlf,csp,exec,file,http_headers,permanentxss,redirect,sql,xss'.split(',')

/** Where it begins: the ways in, and what no page of the business leads to. */
function startsOf({ ours }: Tenants): string[] {
  const { business, links } = ours
  const link = (kind: string, { id, token }: Link) => `/${kind}/${id}?token=${token}`
  return [
    ...[
      '/',
      '/sign-in?next=/app',
      '/sign-up?email=a@example.com&token=a',
      '/app',
      '/api/docs',
      `/${business.slug}/cut`,
    ],
    ...[link('booking', links.booking), link('booking', links.seats), link('wish', links.wish)],
  ]
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

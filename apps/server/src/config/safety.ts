import type { Config } from './config.ts'

/** What makes an installation unsafe, and what to do about it. */
export type Risk = {
  /** by which it can be accepted, in ACCEPTED_RISKS */
  name: RiskName
  problem: string
  fix: string
}

export type RiskName =
  | 'secret-example'
  | 'public-http'
  | 'log-debug'
  | 'rate-limit-off'
  | 'database-plain'
  | 'database-owner'
  | 'sign-up-open'
  | 'staging-access'
  | 'staging-open'
  | 'no-backup'
  | 'unwatched'

/** What the database says of the user that the application signs in as. */
export type DatabaseUser = { name: string; ownsSchema: boolean; passesRowSecurity: boolean }

/** What is unsafe about these settings, whatever they are for. */
export function risksOf(config: Config): Risk[] {
  const { secretKey, publicUrl, logLevel, rateLimit, environment, signUp, stagingAccess } = config
  const isOnThisMachine = isLocal(new URL(publicUrl).hostname)
  return [
    ...risk('secret-example', looksLikeExample(secretKey), {
      problem: 'SECRET_KEY is an example or easy to guess',
      fix: 'set one that openssl rand -base64 48 makes',
    }),
    ...risk('public-http', publicUrl.startsWith('http:') && !isOnThisMachine, {
      problem: `PUBLIC_URL is ${publicUrl}, which anybody on the way can read and change`,
      fix: 'put TLS in front and set an https:// address',
    }),
    ...risk('log-debug', logLevel === 'debug', {
      problem: 'LOG_LEVEL is debug, which logs more than a production should keep',
      fix: 'set LOG_LEVEL=info',
    }),
    ...risk('rate-limit-off', !rateLimit, {
      problem: 'RATE_LIMIT is off, so that anybody may try passwords and book without end',
      fix: 'set RATE_LIMIT=on',
    }),
    ...risk('database-plain', goesPlain(config.databaseUrl) || goesPlain(config.databaseReplicaUrl), {
      problem: 'the connection to a database on another machine is not encrypted',
      fix: 'set DATABASE_CA_FILE, or sslmode=verify-full in DATABASE_URL',
    }),
    ...risk('sign-up-open', environment === 'production' && signUp !== 'invited', {
      problem: `SIGN_UP is ${signUp}, so that anybody may make an account and a business`,
      fix: 'set SIGN_UP=invited, and let people in by the command sign-up-link',
    }),
    ...risk('staging-access', environment === 'production' && stagingAccess.length > 0, {
      problem: 'STAGING_ACCESS is set, which is heeded in a staging only',
      fix: 'take it out, or set ENVIRONMENT=staging if this is none',
    }),
    ...risk('staging-open', environment === 'staging' && stagingAccess.length === 0 && !isOnThisMachine, {
      problem: 'anybody may see this staging',
      fix: 'name those who may in STAGING_ACCESS; the command staging-access makes their passwords',
    }),
  ]
}

/** What is unsafe about the user that the application signs in to the database as. */
export function risksOfUser({ name, ownsSchema, passesRowSecurity }: DatabaseUser): Risk[] {
  const can = [...(ownsSchema ? ['change the schema'] : []), ...(passesRowSecurity ? ['read past row security'] : [])]
  return risk('database-owner', can.length > 0, {
    problem: `the user ${name} of DATABASE_URL may ${can.join(' and ')}`,
    fix: 'sign in as another one that is a member of slotkeeper_app, and keep the owner for DATABASE_OWNER_URL',
  })
}

/** The risks that keep a production from starting: those that nobody has accepted. */
export function refusedRisks({ environment, acceptedRisks }: Config, risks: Risk[]): Risk[] {
  return environment === 'production' ? risks.filter(({ name }) => !acceptedRisks.has(name)) : []
}

/** What to tell of them. */
export function describeRisks(risks: Risk[]): string {
  const lines = risks.map(({ name, problem, fix }) => `  ${name}: ${problem}; ${fix}`)
  const way = 'A risk that must be is accepted with its reason: ACCEPTED_RISKS="name: reason".'
  return `This production is unsafe and does not start (ENVIRONMENT=production):\n${lines.join('\n')}\n${way}`
}

function risk(name: RiskName, exists: boolean, told: Omit<Risk, 'name'>): Risk[] {
  return exists ? [{ name, ...told }] : []
}

/** Words that people write where a key belongs, and keys of hardly any different characters. */
function looksLikeExample(key: string): boolean {
  return /example|change-?me|secret-?key|password|for tests/i.test(key) || new Set(key).size < 8
}

function goesPlain(url: string | undefined): boolean {
  if (url === undefined) return false
  const { hostname, searchParams } = new URL(url)
  const mode = searchParams.get('sslmode')
  // A socket's folder stands in the query, and then there is no host.
  const host = searchParams.get('host') ?? hostname
  const isEncrypted = (mode !== null && mode !== 'disable') || searchParams.get('ssl') === 'true'
  return !isEncrypted && host !== '' && !host.startsWith('/') && !isLocal(host)
}

/** Whether an address is this machine. */
export function isLocal(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '')
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127\./.test(name)
}

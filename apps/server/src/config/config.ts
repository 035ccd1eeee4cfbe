import { databaseAddress } from './database-address.ts'
import { SETTINGS, type Setting, type SettingName } from './settings.ts'

export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'critical' | 'silent'
export type Environment = 'development' | 'staging' | 'production'
/** Who may make an account. */
export type SignUp = 'invited' | 'confirmed' | 'open'

/** What the environment says, read once and checked. */
export type Config = {
  databaseUrl: string
  databaseOwnerUrl: string
  databaseReplicaUrl: string | undefined
  databasePoolSize: number
  redisUrl: string | undefined
  redisTls: { caFile: string | undefined; verify: boolean }
  secretKey: string
  /** signed what is still valid while keys are exchanged */
  secretKeyPrevious: string | undefined
  /** without a slash at its end */
  publicUrl: string
  port: number
  host: string
  webConcurrency: number
  drainMs: number
  lingerMs: number
  trustProxy: number
  mail: { server: string; port: number; username: string | undefined; password: string | undefined; from: string }
  backup: { folder: string; passphrase: string | undefined }
  auditRetentionYears: number
  environment: Environment
  signUp: SignUp
  /** who may see a staging, with the hash of name and password; everybody when empty */
  stagingAccess: { name: string; hash: Buffer }[]
  /** the risks that somebody has accepted, by their names, with the reasons */
  acceptedRisks: Map<string, string>
  logLevel: LogLevel
  /** where this process tells its figures, if it does */
  metricsPort: number | undefined
  sentryDsn: string | undefined
  tracing: {
    endpoint: string | undefined
    headers: Record<string, string>
    /** the part of the traces that is kept, from 0 to 1 */
    ratio: number
  }
  rateLimit: boolean
}

/** The settings are missing or wrong; the message names each, what was expected, and an example. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * Reads the settings from the environment.
 * @throws {ConfigError} naming every setting that is missing or wrong; never with the value of a secret
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const problems = SETTINGS.flatMap((setting) => problemOf(setting, env[setting.name]))
  if (problems.length > 0) throw new ConfigError(`Settings that must change before the start:\n${problems.join('\n')}`)
  const settings: ReadonlyArray<Setting> = SETTINGS
  const fallbacks = new Map(settings.map(({ name, fallback }) => [name, fallback]))
  const optional = (name: SettingName) => env[name] || fallbacks.get(name)
  const text = (name: SettingName) => optional(name) ?? ''
  const tls = { caFile: optional('DATABASE_CA_FILE'), sslMode: optional('PGSSLMODE') }
  const replicaUrl = optional('DATABASE_REPLICA_URL')
  return {
    databaseUrl: databaseAddress(text('DATABASE_URL'), tls),
    databaseOwnerUrl: databaseAddress(optional('DATABASE_OWNER_URL') ?? text('DATABASE_URL'), tls),
    databaseReplicaUrl: replicaUrl && databaseAddress(replicaUrl, tls),
    databasePoolSize: Number(text('DATABASE_POOL_SIZE')),
    redisUrl: optional('REDIS_URL'),
    redisTls: { caFile: optional('REDIS_CA_FILE'), verify: text('REDIS_TLS_VERIFY') === 'on' },
    secretKey: text('SECRET_KEY'),
    secretKeyPrevious: optional('SECRET_KEY_PREVIOUS'),
    publicUrl: new URL(text('PUBLIC_URL')).origin,
    port: Number(text('PORT')),
    host: text('HOST'),
    webConcurrency: Number(text('WEB_CONCURRENCY')),
    drainMs: Number(text('DRAIN_SECONDS')) * 1_000,
    lingerMs: Number(text('LINGER_SECONDS')) * 1_000,
    trustProxy: Number(text('TRUST_PROXY')),
    mail: {
      server: text('MAIL_SERVER'),
      port: Number(text('MAIL_PORT')),
      username: optional('MAIL_USERNAME'),
      password: optional('MAIL_PASSWORD'),
      from: text('MAIL_FROM'),
    },
    backup: { folder: text('BACKUP_DIR'), passphrase: optional('BACKUP_PASSPHRASE') },
    auditRetentionYears: Number(text('AUDIT_RETENTION_YEARS')),
    environment: environmentOf(text('ENVIRONMENT')),
    signUp: signUpOf(text('SIGN_UP')),
    stagingAccess: accessOf(text('STAGING_ACCESS')),
    acceptedRisks: risksOf(text('ACCEPTED_RISKS')),
    logLevel: logLevelOf(text('LOG_LEVEL')),
    metricsPort: numberOf(optional('METRICS_PORT')),
    sentryDsn: optional('SENTRY_DSN'),
    tracing: {
      endpoint: optional('OTEL_EXPORTER_OTLP_ENDPOINT'),
      headers: pairsOf(text('OTEL_EXPORTER_OTLP_HEADERS')),
      ratio: Number(text('OTEL_TRACES_SAMPLER_ARG')),
    },
    rateLimit: text('RATE_LIMIT') === 'on',
  }
}

/** What is wrong with the value of a setting, in a line; nothing when it can be used. Never with the value of a secret. */
export function problemOf(setting: Setting, value: string | undefined): string[] {
  const { name, expected, example } = setting
  const hint = `expected ${expected}, for example ${name}=${example}`
  if (!value) return setting.optional || setting.fallback !== undefined ? [] : [`  ${name} is missing: ${hint}`]
  if (setting.check(value)) return []
  return [`  ${name} is wrong${setting.secret ? '' : ` (${value})`}: ${hint}`]
}

const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warning', 'error', 'critical', 'silent']

function logLevelOf(text: string): LogLevel {
  return text === 'warn' ? 'warning' : (LOG_LEVELS.find((level) => level === text) ?? 'info')
}

function environmentOf(text: string): Environment {
  return text === 'development' || text === 'staging' ? text : 'production'
}

function signUpOf(text: string): SignUp {
  return text === 'open' || text === 'confirmed' ? text : 'invited'
}

/** OpenTelemetry's way to write pairs: `name=value,name=value`, values with percent signs as in an address. */
function pairsOf(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const [name = '', ...value] = pair.split('=')
    return name.trim() === '' ? [] : [[name.trim(), decodeURIComponent(value.join('=').trim())] as const]
  })
  return Object.fromEntries(pairs)
}

/** `name:hash, name:hash` */
function accessOf(text: string): Config['stagingAccess'] {
  const entries = text.split(',').map((entry) => entry.trim().split(':'))
  return entries.flatMap(([name = '', hash = '']) => (hash === '' ? [] : [{ name, hash: Buffer.from(hash, 'hex') }]))
}

/** `risk: reason; risk: reason` */
function risksOf(text: string): Map<string, string> {
  const risks = text.split(';').map((part) => part.split(':'))
  return new Map(risks.map(([name = '', ...reason]) => [name.trim(), reason.join(':').trim()] as const))
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

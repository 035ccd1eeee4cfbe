import { SETTINGS, type Setting, type SettingName } from './settings.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** What the environment says, read once and checked. */
export type Config = {
  databaseUrl: string
  databaseOwnerUrl: string
  databasePoolSize: number
  redisUrl: string | undefined
  secretKey: string
  /** without a slash at its end */
  publicUrl: string
  port: number
  host: string
  trustProxy: number
  mail: { server: string; port: number; username: string | undefined; password: string | undefined; from: string }
  auditRetentionYears: number
  logLevel: LogLevel
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
  return {
    databaseUrl: text('DATABASE_URL'),
    databaseOwnerUrl: optional('DATABASE_OWNER_URL') ?? text('DATABASE_URL'),
    databasePoolSize: Number(text('DATABASE_POOL_SIZE')),
    redisUrl: optional('REDIS_URL'),
    secretKey: text('SECRET_KEY'),
    publicUrl: new URL(text('PUBLIC_URL')).origin,
    port: Number(text('PORT')),
    host: text('HOST'),
    trustProxy: Number(text('TRUST_PROXY')),
    mail: {
      server: text('MAIL_SERVER'),
      port: Number(text('MAIL_PORT')),
      username: optional('MAIL_USERNAME'),
      password: optional('MAIL_PASSWORD'),
      from: text('MAIL_FROM'),
    },
    auditRetentionYears: Number(text('AUDIT_RETENTION_YEARS')),
    logLevel: logLevelOf(text('LOG_LEVEL')),
    rateLimit: text('RATE_LIMIT') === 'on',
  }
}

function problemOf(setting: Setting, value: string | undefined): string[] {
  const { name, expected, example } = setting
  const hint = `expected ${expected}, for example ${name}=${example}`
  if (!value) return setting.optional || setting.fallback !== undefined ? [] : [`  ${name} is missing: ${hint}`]
  if (setting.check(value)) return []
  return [`  ${name} is wrong${setting.secret ? '' : ` (${value})`}: ${hint}`]
}

function logLevelOf(text: string): LogLevel {
  return text === 'debug' || text === 'warn' || text === 'error' || text === 'silent' ? text : 'info'
}

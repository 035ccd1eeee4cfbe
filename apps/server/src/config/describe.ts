import { ConfigError, loadConfig, problemOf, type Config } from './config.ts'
import { withPlatform } from './platform.ts'
import { withSecretFiles } from './secret-files.ts'
import { SETTINGS, type Setting } from './settings.ts'

type Environment = Record<string, string | undefined>

/** A setting, where its value comes from, and what is wrong with it. Of a secret, the value is never here. */
export type DescribedSetting = {
  name: string
  /** what to say of it: its value, that it is set, or what holds without it */
  value: string
  problem: string | undefined
}

/** All that the environment says, for whoever looks whether it is right. It does not end the process. */
export type Described = {
  settings: DescribedSetting[]
  /** undefined when something is missing or wrong */
  config: Config | undefined
  /** what must not be told to anybody: the secrets, and the passwords in addresses */
  secrets: string[]
}

/** Reads the settings of this process. */
export function describeEnvironment(): Described {
  return describeSettings(withPlatform(process.env))
}

/** Reads settings, and says of each what it is. */
export function describeSettings(given: Environment): Described {
  let env = given
  let unreadable: string | undefined
  try {
    env = withSecretFiles(given)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    unreadable = error.message
  }
  const known: readonly Setting[] = SETTINGS
  const settings = known.map((setting) => describe(setting, env, given))
  const files = unreadable === undefined ? [] : [{ name: 'files', value: 'not readable', problem: unreadable }]
  const isRight = [...settings, ...files].every(({ problem }) => problem === undefined)
  const secrets = known.filter(({ secret }) => secret).flatMap(({ name }) => hiddenIn(env[name]))
  return { settings: [...settings, ...files], config: isRight ? loadConfig(env) : undefined, secrets }
}

function describe(setting: Setting, env: Environment, given: Environment): DescribedSetting {
  const { name, secret, fallback } = setting
  const value = env[name]
  const problem = problemOf(setting, value)[0]?.trim()
  const without = fallback === undefined ? 'not set' : `${fallback} (when not set)`
  const source = given[name] ? 'set' : 'set by file'
  return { name, problem, value: value ? (secret ? source : value) : without }
}

/** What is secret in a value: all of it, and the password when it is an address. */
function hiddenIn(value: string | undefined): string[] {
  if (!value) return []
  if (!URL.canParse(value)) return [value]
  const { password } = new URL(value)
  return password === '' ? [value] : [value, password, decodeURIComponent(password)]
}

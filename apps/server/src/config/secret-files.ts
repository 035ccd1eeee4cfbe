import { readFileSync } from 'node:fs'
import { ConfigError } from './config.ts'
import { SETTINGS, type Setting } from './settings.ts'

type Environment = Record<string, string | undefined>

/**
 * Puts the contents of files in the place of secrets: SECRET_KEY_FILE names a file with SECRET_KEY, as Docker and
 * Kubernetes lay secrets. Blanks around a content do not count.
 * @throws {ConfigError} when a file cannot be read, also one that stays a file, such as a certificate, or a secret is given in both ways
 */
export function withSecretFiles(env: Environment): Environment {
  const settings: readonly Setting[] = SETTINGS
  const read = settings.flatMap(({ name, secret, file: isFile }) => {
    if (isFile && env[name]) contentOf(name, env[name])
    const file = env[`${name}_FILE`]
    if (!secret || !file) return []
    if (env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set: give the secret in one way.`)
    return [[name, contentOf(`${name}_FILE`, file)] as const]
  })
  return { ...env, ...Object.fromEntries(read) }
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new ConfigError(`${name} names ${file}, which cannot be read.`, { cause })
  }
}

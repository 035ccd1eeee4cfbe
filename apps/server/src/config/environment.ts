import { ConfigError, loadConfig, type Config } from './config.ts'
import { withPlatform } from './platform.ts'
import { withSecretFiles } from './secret-files.ts'
import { takeSnapshot, type Snapshot } from './snapshot.ts'

/** The settings of this process. When some are missing or wrong, it says which and ends. */
export function readEnvironment(): Config {
  try {
    return loadConfig(withSecretFiles(withPlatform(process.env)))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

/** Where the web process of this machine listens, for whoever asks how it does and needs no other setting. */
export function readOwnAddress(): string {
  return `http://127.0.0.1:${process.env['PORT'] || '5000'}`
}

/** Where visitors reach the installation; where that is not set, the web process of this machine. */
export function readPublicAddress(): string {
  return withPlatform(process.env)['PUBLIC_URL'] || readOwnAddress()
}

/** `name:password` of somebody who may see a staging, for whoever asks one from outside. */
export function readStagingCredentials(): string | undefined {
  return process.env['STAGING_CREDENTIALS'] || undefined
}

/** The settings of this process as they may be kept: without secrets, which are marked where CONFIG_KEY is given. */
export function readSnapshot(): Snapshot {
  return takeSnapshot(process.env, process.env['CONFIG_KEY'] || undefined)
}

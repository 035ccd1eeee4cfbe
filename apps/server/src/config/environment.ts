import { ConfigError, loadConfig, type Config } from './config.ts'

/** The settings of this process. When some are missing or wrong, it says which and ends. */
export function readEnvironment(): Config {
  try {
    return loadConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

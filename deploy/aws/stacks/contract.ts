import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EnvironmentConfig } from '../config.ts'
import type { DataStack } from './data.ts'
import type { NetworkStack } from './network.ts'

/** What the application stands on. */
export type Ground = { network: NetworkStack; data: DataStack }

/** Proxies in front of a web process: CloudFront and the load balancer. */
const PROXIES = 2

/** What the image is told in the open; secrets come as files in /made. */
export function settingsOf(config: EnvironmentConfig): Record<string, string> {
  return {
    DATABASE_URL_FILE: '/made/database_url',
    DATABASE_CA_FILE: '/made/database_ca.pem',
    REDIS_URL_FILE: '/made/redis_url',
    SECRET_KEY_FILE: '/made/secret_key',
    SECRET_KEY_PREVIOUS_FILE: '/made/secret_key_previous',
    SENTRY_DSN_FILE: '/made/sentry_dsn',
    MAIL_PASSWORD_FILE: '/made/mail_password',
    ...(config.database.replica && { DATABASE_REPLICA_URL_FILE: '/made/database_replica_url' }),
    PUBLIC_URL: `https://${config.domain}`,
    MAIL_SERVER: config.mail.server,
    MAIL_FROM: config.mail.from,
    ENVIRONMENT: config.purpose,
    SIGN_UP: 'invited',
    // What the product looks for within itself; the stacks observability and backup do it here.
    ACCEPTED_RISKS: 'unwatched: alarms of CloudWatch; no-backup: RDS and AWS Backup',
    TRUST_PROXY: String(PROXIES),
    DRAIN_SECONDS: '3',
    LINGER_SECONDS: '3',
  }
}

/** What inside/settings.ts is told in the open. */
export function hostsOf({ region }: EnvironmentConfig, data: DataStack): Record<string, string> {
  return {
    CA_URL: `https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`,
    REDIS_HOST: data.cache.attrPrimaryEndPointAddress,
    ...(data.replica && { REPLICA_HOST: data.replica.dbInstanceEndpointAddress }),
  }
}

/** A program of deploy/aws/inside, as the command that runs it. In base64, as CloudFormation has its own idea of `${`. */
export function programOf(name: 'settings' | 'users'): string[] {
  const source = readFileSync(join(import.meta.dirname, '..', 'inside', `${name}.ts`)).toString('base64')
  return ['sh', '-ec', `echo ${source} | base64 -d | node --input-type=module-typescript -`]
}

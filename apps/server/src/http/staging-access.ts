import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Config } from '../config/config.ts'
import { AppError } from '../shared/app-error.ts'

/** The usual header for a name with its password, and one for programs that need the usual one for an API key. */
export const STAGING_HEADERS = ['authorization', 'x-staging-access'] as const

/**
 * Shows a staging to the people named in STAGING_ACCESS alone, by HTTP Basic (RFC 7617), and to no search engine. The health
 * of the process is told all the same: whoever watches it has no name.
 */
export function closeStaging(app: FastifyInstance, config: Pick<Config, 'environment' | 'stagingAccess'>): void {
  if (config.environment !== 'staging') return
  app.addHook('onRequest', async (request, reply) => {
    // On the raw answer, as pages write theirs themselves.
    reply.raw.setHeader('x-robots-tag', 'noindex, nofollow')
    if (config.stagingAccess.length === 0 || isHealth(request) || isNamed(request, config.stagingAccess)) return
    reply.header('www-authenticate', 'Basic realm="Staging", charset="UTF-8"')
    throw new AppError('auth.required', 'This is a staging, for named people: ask whoever runs it for a password.')
  })
}

/** Of the route, not of the address: an address can be written in many ways. */
function isHealth({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return url === '/health' || url === '/health/ready'
}

/** Takes the same time whoever asks, and whoever is named. */
function isNamed({ headers }: FastifyRequest, access: Config['stagingAccess']): boolean {
  const hashes = STAGING_HEADERS.map((name) => hashOf(headers[name]))
  return access.flatMap(({ hash }) => hashes.map((given) => timingSafeEqual(hash, given))).includes(true)
}

/** SHA-256 is enough: the passwords are made by the command staging-access, of 128 random bits. */
function hashOf(header: string | string[] | undefined): Buffer {
  const [, encoded = ''] = /^basic +(\S+)$/i.exec(String(header)) ?? []
  return createHash('sha256').update(Buffer.from(encoded, 'base64')).digest()
}

import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import type { Config } from '../config/config.ts'

/**
 * Connects to Redis. Commands fail fast while it is away, so that whoever asks goes on without it; the connection comes
 * back by itself.
 */
export function connectRedis(url: string, onError: (error: Error) => void, tls?: Config['redisTls']): Redis {
  const redis = new Redis(url, {
    ...(url.startsWith('rediss:') && tls && { tls: tlsOptions(tls) }),
    connectTimeout: 2_000,
    commandTimeout: 500,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  })
  redis.on('error', onError)
  return redis
}

function tlsOptions({ caFile, verify }: Config['redisTls']) {
  return { rejectUnauthorized: verify, ...(caFile !== undefined && { ca: readFileSync(caFile) }) }
}

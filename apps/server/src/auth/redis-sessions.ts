import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

const PREFIX = 'slotkeeper:session:'

/**
 * A copy of the sessions in Redis, so that reading one costs no database query. Keys are hashes: whoever reads Redis
 * cannot sign in with what they find. When Redis is away, everything is answered from the database.
 */
export function redisSessions(redis: Redis, onError: (error: Error) => void) {
  const orNull = async <Result>(work: Promise<Result>): Promise<Result | null> => {
    try {
      return await work
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)))
      return null
    }
  }
  return {
    get: (key: string) => orNull(redis.get(nameOf(key))),
    async set(key: string, value: string, ttlS?: number): Promise<void> {
      await orNull(ttlS ? redis.set(nameOf(key), value, 'EX', ttlS) : redis.set(nameOf(key), value))
    },
    async delete(key: string): Promise<void> {
      await orNull(redis.del(nameOf(key)))
    },
    getAndDelete: (key: string) => orNull(redis.getdel(nameOf(key))),
    async increment(key: string, ttlS: number): Promise<number | null> {
      const answers = await orNull(redis.multi().incr(nameOf(key)).expire(nameOf(key), ttlS, 'NX').exec())
      return Number(answers?.[0]?.[1] ?? 0) || null
    },
  }
}

function nameOf(key: string): string {
  return PREFIX + createHash('sha256').update(key).digest('base64url')
}

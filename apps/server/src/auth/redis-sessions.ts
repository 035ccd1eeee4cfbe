import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { BoundedMap } from '../shared/bounded-map.ts'

const PREFIX = 'slotkeeper:session:'
const LOCAL_COUNTERS_MAX = 10_000

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
  // Limits go on without Redis, each process counting for itself.
  const counters = new BoundedMap<number>(LOCAL_COUNTERS_MAX)
  return {
    get: (key: string) => orNull(redis.get(nameOf(key))),
    async set(key: string, value: string, ttlS?: number): Promise<void> {
      await orNull(ttlS ? redis.set(nameOf(key), value, 'EX', ttlS) : redis.set(nameOf(key), value))
    },
    async delete(key: string): Promise<void> {
      await orNull(redis.del(nameOf(key)))
    },
    getAndDelete: (key: string) => orNull(redis.getdel(nameOf(key))),
    async increment(key: string, ttlS: number): Promise<number> {
      const answers = await orNull(redis.multi().incr(nameOf(key)).expire(nameOf(key), ttlS, 'NX').exec())
      const shared = Number(answers?.[0]?.[1] ?? 0)
      if (shared > 0) {
        counters.delete(key)
        return shared
      }
      const own = (counters.get(key) ?? 0) + 1
      counters.set(key, own)
      if (own === 1) setTimeout(() => counters.delete(key), ttlS * 1000).unref()
      return own
    },
  }
}

function nameOf(key: string): string {
  return PREFIX + createHash('sha256').update(key).digest('base64url')
}

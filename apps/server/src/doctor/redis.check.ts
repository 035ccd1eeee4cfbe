import { once } from 'node:events'
import type { Config } from '../config/config.ts'
import { connectRedis } from '../db/redis.ts'
import { failed, ok, reasonOf, warning, type Finding } from '../shared/finding.ts'

const NAME = 'Redis'

/** Connects to Redis as the web process does, and asks it about itself. */
export async function checkRedis(config: Config): Promise<Finding[]> {
  const { redisUrl, redisTls, webConcurrency } = config
  if (redisUrl === undefined) return [judgeAbsence(webConcurrency)]
  const redis = connectRedis(redisUrl, () => undefined, redisTls)
  try {
    await once(redis, 'ready')
    return judgeRedis(readInfo(await redis.info()))
  } catch (error) {
    const fix = 'Check REDIS_URL and whether Redis runs; until then rate limits are not counted over all processes.'
    return [failed(NAME, `cannot be used: ${reasonOf(error)}`, fix)]
  } finally {
    redis.disconnect()
  }
}

function judgeAbsence(webConcurrency: number): Finding {
  if (webConcurrency === 1) return ok(NAME, 'not set: rate limits and sessions are kept in memory')
  const found = `not set, with ${webConcurrency} web processes: each counts the visits for its rate limits by itself`
  return warning(NAME, found, 'Set REDIS_URL.')
}

/** Of what Redis says of itself: its version, what it keeps over a restart, and what it does when it is full. */
export function judgeRedis(info: Map<string, string>): Finding[] {
  const version = info.get('redis_version') ?? 'unknown'
  const isOld = Number(version.split('.')[0]) < 6
  const connection = isOld
    ? warning(NAME, `version ${version}`, 'Use version 6 or newer: older ones get no security updates.')
    : ok(NAME, `version ${version}`)
  const keeps = info.get('aof_enabled') === '1' ? 'append-only file' : 'snapshots, or nothing'
  const persistence = ok(`${NAME} persistence`, `${keeps}; whatever is lost is in the database, or counted anew`)
  return [connection, persistence, judgeMemory(info)]
}

function judgeMemory(info: Map<string, string>): Finding {
  const name = `${NAME} memory`
  const policy = info.get('maxmemory_policy') ?? 'unknown'
  const limitBytes = Number(info.get('maxmemory') ?? 0)
  if (limitBytes === 0) return ok(name, `no limit (policy ${policy})`)
  const found = `${Math.round(limitBytes / 1024 ** 2)} MiB at most, policy ${policy}`
  if (policy !== 'noeviction') return ok(name, found)
  const fix = 'Set maxmemory-policy to allkeys-lru: with noeviction a full Redis refuses to count and to remember.'
  return warning(name, found, fix)
}

function readInfo(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => /^\w+:/.test(line))
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const))
}

import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino'
import type { Config, LogLevel } from '../config/config.ts'
import { errorFacts } from './error-facts.ts'
import { traceIds } from './tracing.ts'

/** The process that writes a log, as its lines name it. */
export type ProcessKind = 'web' | 'worker'

/** What the library calls our levels. */
const LIBRARY_LEVELS = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
  silent: 'silent',
} as const satisfies Record<LogLevel, string>

/** What a line calls the library's levels. */
const NAMES: Record<string, LogLevel> = { trace: 'debug', warn: 'warning', fatal: 'critical' }

/** Where headers stand in what is logged, by us or by a library that logs a request whole. */
const SECRETS = ['authorization', 'cookie', '["set-cookie"]']
const PLACES = ['headers', 'req.headers', 'request.headers', 'res.headers', 'err.headers', 'err.config.headers']

/**
 * The log of a process: JSON, a line each, to the standard output. Errors are reduced to what may be told, requests and
 * answers are never written whole, and what lets somebody in is never written at all.
 */
export function createLogger(
  process: ProcessKind,
  { logLevel, environment }: Pick<Config, 'logLevel' | 'environment'>,
  destination?: DestinationStream,
): Logger {
  const paths = PLACES.flatMap((place) =>
    SECRETS.map((name) => (name.startsWith('[') ? place + name : `${place}.${name}`)),
  )
  const options = {
    level: LIBRARY_LEVELS[logLevel],
    base: { service: 'slotkeeper', process, environment, pid: globalThis.process.pid },
    messageKey: 'message',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: NAMES[label] ?? label }) },
    mixin: () => traceIds() ?? {},
    serializers: { err: (error: unknown) => errorFacts(error), req: unsaid, res: unsaid },
    redact: { paths, censor: '[secret]' },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** A library that logs a request or an answer whole would write down its address and headers. */
function unsaid(): undefined {
  return undefined
}

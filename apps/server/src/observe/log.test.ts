import { expect, test } from 'vitest'
import { logLines } from '../../test/log-lines.ts'
import { createLogger } from './log.ts'

test('lines name their level as syslog does, and only those from the level of the settings on are written', () => {
  const levelsFrom = (logLevel: 'debug' | 'warning' | 'critical' | 'silent') => {
    const log = logLines()
    const logger = createLogger('web', { logLevel, environment: 'staging' }, log)
    for (const level of ['debug', 'info', 'warn', 'error', 'fatal'] as const) logger[level]('x')
    return log.lines().map(({ level }) => level)
  }
  expect(levelsFrom('debug')).toEqual(['debug', 'info', 'warning', 'error', 'critical'])
  expect(levelsFrom('warning')).toEqual(['warning', 'error', 'critical'])
  expect(levelsFrom('critical')).toEqual(['critical'])
  expect(levelsFrom('silent')).toEqual([])
})

test('a request or an answer that somebody logs whole is not written', () => {
  const log = logLines()
  const logger = createLogger('web', { logLevel: 'debug', environment: 'staging' }, log)
  const request = { url: '/booking/1?token=abc', headers: { cookie: 'session=abc' } }
  logger.info({ req: request, res: request, headers: { authorization: 'Bearer abc' } }, 'all')
  expect(log.text()).not.toContain('abc')
})

import { expect, test } from 'vitest'
import { unaccepted, type Exception } from './exceptions.ts'
import { findingsOfSqlmap, findingsOfWapiti, pagesOfWapiti } from './reports.ts'

const accepted: Exception = { scanner: 'wapiti', finding: 'Secure Flag', reason: 'a test', until: '2026-06-01' }
const known = { exceptions: [accepted], date: '2026-05-31' }

test('a finding counts unless it is accepted, for this scanner and until then', () => {
  expect(unaccepted('wapiti', ['Secure Flag cookie: /a', 'XSS: /b'], known)).toEqual(['XSS: /b'])
  expect(unaccepted('sqlmap', ['Secure Flag cookie: /a'], known)).toHaveLength(1)
  expect(unaccepted('wapiti', ['Secure Flag cookie: /a'], { ...known, date: '2026-06-01' })).toHaveLength(1)
})

test('what wapiti reports is read with its kind, address and words, anomalies among it', () => {
  const entry = { method: 'GET', path: '/a', info: 'it echoes', parameter: 'q' }
  const report = { vulnerabilities: { XSS: [entry], CRLF: [] }, anomalies: { 'Internal Server Error': [entry] } }
  expect(findingsOfWapiti(JSON.stringify(report))).toEqual([
    'XSS: GET /a (q): it echoes',
    'Internal Server Error: GET /a (q): it echoes',
  ])
  expect(pagesOfWapiti('[*] Wapiti found 47 URLs and forms during the scan\n[*] Loading modules:')).toBe(47)
  expect(pagesOfWapiti('[!] Unable to connect')).toBe(0)
})

test('what sqlmap says it can inject into is a finding', () => {
  const output =
    "[INFO] testing\nParameter: q (GET)\n    Type: boolean-based blind\n[WARNING] GET parameter 'x' does not seem"
  expect(findingsOfSqlmap(output)).toEqual(['Parameter: q (GET)'])
  expect(findingsOfSqlmap('all tested parameters do not appear to be injectable')).toEqual([])
})

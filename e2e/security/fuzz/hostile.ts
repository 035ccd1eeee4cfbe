import fc, { type Arbitrary } from 'fast-check'

const nested = (depth: number): unknown => {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

/** What stands where something else was expected. */
export const HOSTILE_VALUES: unknown[] = [
  ...[null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, '', ' ', [], {}, [[]], [null], { '': null }],
  ...[
    'a\0b',
    '\u0000',
    '\ud800',
    '\u202e\u0301\u{1f4a9}',
    '\u200b',
    'İ'.repeat(50),
    'x'.repeat(20_000),
    '\r\nX-Evil: 1',
  ],
  ...[
    `'; select pg_sleep(9); --`,
    `" or 1=1 --`,
    `\\'`,
    '%00',
    '%n%s',
    '$1',
    '${7*7}',
    '{{7*7}}',
    '#{7*7}',
    '<%= 7*7 %>',
  ],
  ...['../../../../etc/passwd', 'file:///etc/passwd', 'http://127.0.0.1:1/', '${jndi:ldap://127.0.0.1:1/a}'],
  ...['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', 'javascript:alert(1)', '=cmd|calc!A1', '@SUM(1)'],
  ...[
    '0000-00-00',
    '2026-02-30',
    '2026-13-01',
    '9999-12-31T23:59:60Z',
    '-271821-04-20T00:00:00Z',
    '+275760-09-13T00:00Z',
  ],
  ...['T', '24:00', '99:99', '1e9', 'NaN', 'Infinity', '-0', '0x10', '١٢', '٣', '00000000-0000-0000-0000-000000000000'],
  ...['FREQ=SECONDLY', 'FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2', 'FREQ=DAILY;COUNT=999999999', 'FREQ=DAILY;INTERVAL=0'],
  ...['Etc/GMT+99', '../../UTC', 'Europe/Berlin\0', 'x-'.repeat(15), 'en-u-nu-xxxx', `${'a'.repeat(60)}!`],
  nested(60),
  { __proto__: null, constructor: { prototype: { isAdmin: true } } },
  { $ne: null },
  { toString: 1, then: 1, length: -1 },
]

/** Properties that nobody may set, where they are taken at their word. */
const FOREIGN_NAMES = [
  '__proto__',
  'constructor',
  'organizationId',
  'organization_id',
  'id',
  'role',
  'createdAt',
  'x'.repeat(300),
]

/** Puts something hostile in one place of a value: instead of a part, beside it, or nothing at all. */
export function spoiled(values: Arbitrary<unknown>): Arbitrary<unknown> {
  const how = fc.constantFrom('replace', 'replace', 'replace', 'add', 'remove')
  return fc
    .tuple(values, fc.nat(), fc.constantFrom(...HOSTILE_VALUES), fc.constantFrom(...FOREIGN_NAMES), how)
    .map(([value, place, hostile, name, way]) => {
      const places = placesOf(value)
      const path = places[place % places.length] ?? []
      return changed(value, path, (part) => {
        if (way === 'replace') return hostile
        if (way === 'remove' || typeof part !== 'object' || part === null) return undefined
        return Array.isArray(part) ? [...part, hostile] : withProperty(part, name, hostile)
      })
    })
}

/** The paths to all parts of a value, itself first. */
function placesOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]]
  return [[], ...Object.entries(value).flatMap(([name, part]) => placesOf(part).map((path) => [name, ...path]))]
}

function changed(value: unknown, [name, ...rest]: string[], change: (part: unknown) => unknown): unknown {
  if (name === undefined) return change(value)
  if (Array.isArray(value)) {
    return value.map((part: unknown, index) => (String(index) === name ? changed(part, rest, change) : part))
  }
  const entries = Object.entries(value as object)
  return Object.fromEntries(
    entries.map(([key, part]: [string, unknown]) => [key, key === name ? changed(part, rest, change) : part]),
  )
}

/** Also `__proto__`, as a property like any other: that is what JSON can say. */
function withProperty(object: object, name: string, value: unknown): object {
  const copy = { ...object }
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true })
  return copy
}

/** Bodies that are no JSON, or none that anybody should send. */
export const BROKEN_BODIES: (string | Buffer)[] = [
  ...['', ' ', '{', '[', '"', '{"a":1}{"a":2}', '{"a":1,"a":2}', '\ufeff{}', 'null', 'true', '1e999', '-', "{'a':1}"],
  ...['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"x":1}}}', '[{}]', '<a/>', 'a=1&b=2'],
  ...['['.repeat(50_000), '{"a":'.repeat(20_000), `{"a":"${'x'.repeat(300_000)}"}`, `[${'1,'.repeat(60_000)}1]`],
  Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
  Buffer.from('7b2261223a22ff22', 'hex'),
  Buffer.from('1f8b0800000000000003abae05000043bfa60200', 'hex'),
]

export const CONTENT_TYPES = [
  ...['application/json', 'application/json; charset=utf-16', 'application/json;;', 'APPLICATION/JSON', 'text/plain'],
  ...['text/json', 'application/xml', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', '*/*'],
  ...['application/vnd.api+json', 'application/json, text/plain', 'x'.repeat(2000), ';', 'application/octet-stream'],
]

/** Headers that change what a careless server does. */
export const HOSTILE_HEADERS: Record<string, string>[] = [
  { 'x-forwarded-for': `'"><script>, 999.999.999.999, ::1, ${'1.1.1.1, '.repeat(200)}` },
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'gopher', 'x-forwarded-port': '-1' },
  { forwarded: 'for=127.0.0.1;host=evil.example;proto=https' },
  { 'x-original-url': '/api/v1/me', 'x-rewrite-url': '/api/v1/me' },
  { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' },
  { 'x-slotkeeper-visitor': '127.0.0.1', 'x-request-id': '<script>' },
  { cookie: `slotkeeper.session_token=${'A'.repeat(3000)}` },
  { cookie: '__Secure-slotkeeper.session_token=%00%ff; =; a; slotkeeper.session_token=a.b' },
  { authorization: 'Basic YTpi' },
  { authorization: `Bearer ${'x'.repeat(3000)}` },
  { authorization: 'Bearer' },
  { authorization: "Bearer sk_' or 1=1 --" },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { 'idempotency-key': 'x' },
  { 'idempotency-key': 'é'.repeat(20) },
  { 'idempotency-key': 'k'.repeat(201) },
  { traceparent: '00-zz-zz-99', tracestate: '='.repeat(600), baggage: 'a='.repeat(500) },
  { accept: 'text/html', 'accept-language': `${'x-'.repeat(400)};q=99`, 'accept-encoding': 'zip-bomb' },
  { range: 'bytes=0-,-1', 'if-none-match': '*', 'if-modified-since': 'never' },
  { 'content-encoding': 'gzip' },
  { 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/?a=\u00ff' },
]

/** What stands in the place of a part of the address. */
export const HOSTILE_PARTS = [
  ...['..', '.', '%2e%2e', '%2f', '..%2f..%2fme', '%252e%252e%252f', '%00', '%0d%0aX-Evil:1', '%ff%fe', '%', '%zz'],
  ...[
    '*',
    ';',
    'a;b=c',
    '@',
    '%20',
    "'",
    '%27%20or%201=1--',
    '%3Cscript%3E',
    'x'.repeat(150),
    'x'.repeat(500),
    'null',
    '-1',
  ],
  ...['[object%20Object]', '%5B%5D', '__proto__', 'constructor', '%E2%80%AE', '%C0%AE%C0%AE', '0', '{id}', ':id', '+'],
]

/** What is added to the query. */
export const HOSTILE_QUERIES = [
  ...[
    'token[$ne]=1',
    'token=a&token=b',
    'cursor=%00',
    'limit=1&limit=2',
    'limit[]=1',
    '__proto__[x]=1',
    'a=%',
    '&&&===',
  ],
  ...[
    'constructor.prototype.x=1',
    `x=${'y'.repeat(3000)}`,
    '%',
    'from=2026-01-01&from=2026-01-02',
    'q=%ff',
    'q=*%25_\\',
  ],
  ...[Array.from({ length: 1200 }, (_, index) => `p${String(index)}=1`).join('&')],
]

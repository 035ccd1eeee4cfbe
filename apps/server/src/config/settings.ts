/** One setting that the environment may give. */
export type Setting = {
  name: string
  /** what it is for, in one sentence */
  purpose: string
  /** what is expected, for the message that refuses a wrong value */
  expected: string
  example: string
  /** the value when the environment gives none; without it the setting is required, unless optional */
  fallback?: string
  optional?: true
  secret?: true
  check: (value: string) => boolean
}

const url = (...protocols: string[]) => {
  return (value: string) => URL.canParse(value) && protocols.includes(new URL(value).protocol)
}
const wholeNumber = (min: number, max: number) => (value: string) =>
  /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max
const oneOf =
  (...values: string[]) =>
  (value: string) =>
    values.includes(value)
const anyText = (value: string) => value.length > 0

/** Everybody can read this one, so that it keeps no secret. */
const EXAMPLE_KEY = 'made-with-openssl-rand-base64-48-and-kept-secret'

/** Every setting, in the order in which a person meets it. `.env.example` and the documentation are printed from here. */
export const SETTINGS = [
  {
    name: 'DATABASE_URL',
    purpose: 'The PostgreSQL database (15 or newer) that keeps everything.',
    expected: 'a postgres:// address',
    example: 'postgres://slotkeeper:password@localhost:5432/slotkeeper',
    secret: true,
    check: url('postgres:', 'postgresql:'),
  },
  {
    name: 'DATABASE_OWNER_URL',
    purpose: 'The same database as the user that owns the schema and migrates it; DATABASE_URL when left out.',
    expected: 'a postgres:// address',
    example: 'postgres://owner:password@localhost:5432/slotkeeper',
    optional: true,
    secret: true,
    check: url('postgres:', 'postgresql:'),
  },
  {
    name: 'DATABASE_POOL_SIZE',
    purpose: 'Connections that one web process keeps to the database.',
    expected: 'a whole number from 2 to 200',
    example: '20',
    fallback: '20',
    check: wholeNumber(2, 200),
  },
  {
    name: 'REDIS_URL',
    purpose:
      'Redis, which keeps rate limits and a copy of the sessions for all processes together; memory when left out.',
    expected: 'a redis:// or rediss:// address',
    example: 'redis://localhost:6379',
    optional: true,
    secret: true,
    check: url('redis:', 'rediss:'),
  },
  {
    name: 'SECRET_KEY',
    purpose: 'Signs sessions and the links in mails.',
    expected: 'at least 32 characters that nobody can guess (openssl rand -base64 48 makes some)',
    example: EXAMPLE_KEY,
    secret: true,
    check: (value: string) => value.length >= 32 && value !== EXAMPLE_KEY,
  },
  {
    name: 'PUBLIC_URL',
    purpose: 'The address under which people reach this installation.',
    expected: 'an http:// or https:// address without a path',
    example: 'https://book.example.com',
    check: (value: string) => url('http:', 'https:')(value) && new URL(value).pathname === '/',
  },
  {
    name: 'PORT',
    purpose: 'The port on which the web process listens.',
    expected: 'a whole number from 0 to 65535',
    example: '5000',
    fallback: '5000',
    check: wholeNumber(0, 65_535),
  },
  {
    name: 'HOST',
    purpose: 'The network address on which the web process listens.',
    expected: 'an address of this machine',
    example: '0.0.0.0',
    fallback: '0.0.0.0',
    check: anyText,
  },
  {
    name: 'TRUST_PROXY',
    purpose: 'How many proxies stand in front and set X-Forwarded-For; 0 when people connect directly.',
    expected: 'a whole number from 0 to 10',
    example: '1',
    fallback: '0',
    check: wholeNumber(0, 10),
  },
  {
    name: 'MAIL_SERVER',
    purpose: 'The mail server (SMTP) that takes what is sent out.',
    expected: 'a host name',
    example: 'smtp.example.com',
    check: anyText,
  },
  {
    name: 'MAIL_PORT',
    purpose: 'The port of the mail server: 465 speaks TLS from the start, others switch to it when it is offered.',
    expected: 'a whole number from 1 to 65535',
    example: '587',
    fallback: '587',
    check: wholeNumber(1, 65_535),
  },
  {
    name: 'MAIL_USERNAME',
    purpose: 'The name with which to sign in to the mail server.',
    expected: 'a name',
    example: 'slotkeeper',
    optional: true,
    check: anyText,
  },
  {
    name: 'MAIL_PASSWORD',
    purpose: 'The password with which to sign in to the mail server.',
    expected: 'a password',
    example: 'password',
    optional: true,
    secret: true,
    check: anyText,
  },
  {
    name: 'MAIL_FROM',
    purpose: 'The address from which mails are sent.',
    expected: 'an email address',
    example: 'bookings@example.com',
    fallback: 'bookings@slotkeeper.localhost',
    check: (value: string) => value.includes('@'),
  },
  {
    name: 'AUDIT_RETENTION_YEARS',
    purpose: 'How long the audit trail is kept; older months may be dropped by hand, never by themselves.',
    expected: 'a whole number from 1 to 100',
    example: '7',
    fallback: '7',
    check: wholeNumber(1, 100),
  },
  {
    name: 'LOG_LEVEL',
    purpose: 'How much is logged.',
    expected: 'debug, info, warn, error or silent',
    example: 'info',
    fallback: 'info',
    check: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  },
  {
    name: 'RATE_LIMIT',
    purpose: 'Limits how often one visitor may call; off only for load tests.',
    expected: 'on or off',
    example: 'on',
    fallback: 'on',
    check: oneOf('on', 'off'),
  },
] as const satisfies Setting[]

export type SettingName = (typeof SETTINGS)[number]['name']

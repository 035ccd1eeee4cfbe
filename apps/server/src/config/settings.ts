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
  /** it names a file that must be there and readable */
  file?: true
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
    name: 'DATABASE_REPLICA_URL',
    purpose:
      'A streaming replica of it, which answers reads of free times as long as it keeps up; the primary answers them when left out.',
    expected: 'a postgres:// address',
    example: 'postgres://slotkeeper:password@replica:5432/slotkeeper',
    optional: true,
    secret: true,
    check: url('postgres:', 'postgresql:'),
  },
  {
    name: 'DATABASE_CA_FILE',
    purpose:
      "The certificate of the authority that vouches for the database's. When set, connections are encrypted and both chain and host name are checked (sslmode=verify-full).",
    expected: 'the path of a file in PEM',
    example: '/run/secrets/database-ca.pem',
    optional: true,
    file: true,
    check: anyText,
  },
  {
    name: 'PGSSLMODE',
    purpose:
      'How to encrypt connections to the database where its address has no sslmode, as libpq has it; require and no-verify check no certificate.',
    expected: 'disable, no-verify, require, verify-ca or verify-full',
    example: 'verify-full',
    optional: true,
    check: oneOf('disable', 'no-verify', 'require', 'verify-ca', 'verify-full'),
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
    name: 'REDIS_CA_FILE',
    purpose: 'The certificate of the authority that vouches for that of Redis, for rediss:// addresses.',
    expected: 'the path of a file in PEM',
    example: '/run/secrets/redis-ca.pem',
    optional: true,
    file: true,
    check: anyText,
  },
  {
    name: 'REDIS_TLS_VERIFY',
    purpose: 'Whether the certificate of a rediss:// address is checked; off only where a platform signs its own.',
    expected: 'on or off',
    example: 'on',
    fallback: 'on',
    check: oneOf('on', 'off'),
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
    name: 'SECRET_KEY_PREVIOUS',
    purpose: 'The key before, while keys are exchanged: what it signed stays valid as long as it is set here.',
    expected: 'the former SECRET_KEY',
    example: 'made-before-with-openssl-rand-base64-48',
    optional: true,
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
    name: 'WEB_CONCURRENCY',
    purpose:
      'How many web processes one start makes: they share the port, and one that ends is replaced. Each has its own connections to the database.',
    expected: 'a whole number from 1 to 64',
    example: '2',
    fallback: '1',
    check: wholeNumber(1, 64),
  },
  {
    name: 'DRAIN_SECONDS',
    purpose:
      'How long a web process that is asked to end goes on answering, while it says that it is not ready; longer than proxies keep connections to it.',
    expected: 'a whole number from 0 to 60',
    example: '3',
    fallback: '0',
    check: wholeNumber(0, 60),
  },
  {
    name: 'LINGER_SECONDS',
    purpose:
      'How long it then refuses connections before it is gone, so that proxies which ask names for addresses find out in time.',
    expected: 'a whole number from 0 to 60',
    example: '3',
    fallback: '0',
    check: wholeNumber(0, 60),
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
    name: 'BACKUP_DIR',
    purpose: 'The folder in which the command backup writes, and in which doctor looks for the newest backup.',
    expected: 'the path of a folder',
    example: '/srv/backups',
    fallback: 'backups',
    check: anyText,
  },
  {
    name: 'BACKUP_PASSPHRASE',
    purpose: 'Encrypts what the command backup writes. Without it no such backup can be restored.',
    expected: 'at least 12 characters',
    example: 'a sentence that nobody else would think of',
    optional: true,
    secret: true,
    check: (value: string) => value.length >= 12,
  },
  {
    name: 'AUDIT_RETENTION_YEARS',
    purpose: 'How long the audit trail is kept, in years; a worker drops the months that are older.',
    expected: 'a whole number from 7 to 100',
    example: '7',
    fallback: '7',
    check: wholeNumber(7, 100),
  },
  {
    name: 'ENVIRONMENT',
    purpose: 'What this installation is for; errors, traces and logs carry it. An unsafe production does not start.',
    expected: 'development, staging or production',
    example: 'production',
    fallback: 'production',
    check: oneOf('development', 'staging', 'production'),
  },
  {
    name: 'SIGN_UP',
    purpose:
      'Who may make an account: whoever has a link of the command sign-up-link (invited), whoever reads the mail to their address (confirmed), or everybody at once (open). Customers need none.',
    expected: 'invited, confirmed or open',
    example: 'invited',
    fallback: 'invited',
    check: oneOf('invited', 'confirmed', 'open'),
  },
  {
    name: 'STAGING_ACCESS',
    purpose:
      'Who may see a staging: names with what the command staging-access has made for them. Everybody when left out; not for a production.',
    expected: 'name:hash entries of the command staging-access, separated by commas',
    example: `ada:${'0'.repeat(64)}`,
    optional: true,
    secret: true,
    check: (value: string) => value.split(',').every((entry) => /^\s*[\w.-]+:[0-9a-f]{64}\s*$/.test(entry)),
  },
  {
    name: 'ACCEPTED_RISKS',
    purpose:
      'What a production is started with although it is unsafe, each with the reason: see docs/operate/environments.md.',
    expected: 'risk: reason; risk: reason',
    example: 'database-plain: a private network of this machine',
    optional: true,
    check: (value: string) => value.split(';').every((part) => /^\s*[a-z-]+\s*:\s*\S/.test(part)),
  },
  {
    name: 'LOG_LEVEL',
    purpose: 'How much is logged.',
    expected: 'debug, info, warning, error, critical or silent',
    example: 'info',
    fallback: 'info',
    // `warn` was its name until the levels were named as in syslog.
    check: oneOf('debug', 'info', 'warning', 'warn', 'error', 'critical', 'silent'),
  },
  {
    name: 'METRICS_PORT',
    purpose:
      'The port on which a web or worker process tells Prometheus its figures, under /metrics; none when left out. Not for the public.',
    expected: 'a whole number from 0 to 65535',
    example: '9464',
    optional: true,
    check: wholeNumber(0, 65_535),
  },
  {
    name: 'SENTRY_DSN',
    purpose: 'Where errors are reported: a project of Sentry, or of what speaks its protocol; nowhere when left out.',
    expected: 'an https:// or http:// address with a public key and a project',
    example: 'https://0123456789abcdef@sentry.example.com/1',
    optional: true,
    secret: true,
    check: (value: string) =>
      url('https:', 'http:')(value) && new URL(value).username !== '' && /\/\d+$/.test(new URL(value).pathname),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    purpose: 'The collector that takes traces by OTLP over HTTP (protobuf); no traces are made when left out.',
    expected: 'an http:// or https:// address',
    example: 'http://localhost:4318',
    optional: true,
    check: url('http:', 'https:'),
  },
  {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    purpose: 'Headers for the collector, such as its key.',
    expected: 'name=value pairs, separated by commas',
    example: 'api-key=0123456789abcdef',
    optional: true,
    secret: true,
    check: (value: string) => value.includes('=') && !/%(?![\da-f]{2})/i.test(value),
  },
  {
    name: 'OTEL_SERVICE_NAME',
    purpose: 'The name of this service in traces; slotkeeper-web and slotkeeper-worker when left out.',
    expected: 'a name',
    example: 'slotkeeper-web',
    optional: true,
    check: anyText,
  },
  {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    purpose: 'What else traces say of where they come from.',
    expected: 'name=value pairs, separated by commas',
    example: 'service.namespace=booking',
    optional: true,
    check: (value: string) => value.includes('='),
  },
  {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    purpose: 'Which part of the traces that begin here is kept; those that come from outside say it themselves.',
    expected: 'a number from 0 to 1',
    example: '0.1',
    fallback: '1',
    check: (value: string) => /^\d(?:\.\d+)?$/.test(value) && Number(value) <= 1,
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

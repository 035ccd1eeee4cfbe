import type { Environment } from './config.ts'
import type { SettingName } from './settings.ts'

/** What a setting is in each environment, in words of Markdown, where it is not the same in all. Documentation is printed from here. */
export const PROFILES: Partial<Record<SettingName, Record<Environment, string>>> = {
  DATABASE_URL: {
    development: 'embedded PostgreSQL 18',
    staging: 'a database of its own',
    production: 'a user that owns nothing, over TLS; the owner in `DATABASE_OWNER_URL`',
  },
  REDIS_URL: {
    development: 'none: in memory',
    staging: 'as production',
    production: 'persistent; losing it loses no booking',
  },
  SECRET_KEY: {
    development: 'made by `npm start`, in `.data`',
    staging: 'one of its own',
    production: 'made by `openssl rand -base64 48`; an example does not start',
  },
  PUBLIC_URL: {
    development: '`http://localhost:5000`',
    staging: '`https://`',
    production: '`https://`, or it does not start',
  },
  MAIL_SERVER: {
    development: 'an inbox on this machine',
    staging: '[an inbox](profiles.md#the-inbox) that delivers none',
    production: 'a mail server',
  },
  SIGN_UP: {
    development: '`open`',
    staging: '`invited`',
    production: '`invited`, or it does not start',
  },
  STAGING_ACCESS: {
    development: 'none: it is for this machine',
    staging: 'those who may see it; no search engine does',
    production: 'none, or it does not start',
  },
  LOG_LEVEL: {
    development: '`warning`; `debug` where it helps',
    staging: '`info` or `debug`',
    production: '`info`; `debug` does not start',
  },
  RATE_LIMIT: {
    development: '`on`',
    staging: '`on`; `off` for load tests',
    production: '`on`, or it does not start',
  },
  METRICS_PORT: {
    development: 'none',
    staging: 'as production',
    production: 'this, `SENTRY_DSN` or `OTEL_EXPORTER_OTLP_ENDPOINT`: `doctor` fails without any',
  },
}

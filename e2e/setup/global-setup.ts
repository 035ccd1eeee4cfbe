import { startLocalServer } from '../../scripts/shared/local-server.ts'

/** Starts one Slotkeeper for all browser tests. E2E_URL names one that is running already, to be used in its place. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  if (process.env['E2E_URL']) return async () => undefined
  const server = await startLocalServer()
  process.env['E2E_URL'] = server.url
  process.env['E2E_MAIL_URL'] = server.mailUrl
  process.env['E2E_DATABASE_URL'] = server.databaseUrl
  return server.stop
}

import { findFreePort, isPortFree } from './free-port.ts'
import { LocalError } from './local-error.ts'

const DEFAULT_PORT = 5000

/** Bound by the web server: all addresses of this machine. */
const HOST = '0.0.0.0'

/**
 * Chooses the port of the web server: the wanted one, which must then be free, or else 5000 or the next free one.
 * @param wanted  the setting PORT, if there is one; what it may be is checked with all the other settings
 * @throws {LocalError} when the wanted port is taken
 */
export async function chooseWebPort(wanted: string | undefined): Promise<{ port: string; note?: string }> {
  if (wanted !== undefined && wanted !== '') {
    const port = Number(wanted)
    if (!Number.isInteger(port) || port < 1 || port > 65_535 || (await isPortFree(port, HOST))) return { port: wanted }
    throw new LocalError(
      `Port ${wanted} is taken by another program: stop it, or choose another port, such as PORT=${port + 1} npm start.`,
    )
  }
  const port = await findFreePort(DEFAULT_PORT, HOST)
  if (port === DEFAULT_PORT) return { port: String(port) }
  return {
    port: String(port),
    note: `Port ${DEFAULT_PORT} is taken by another program: using ${port}. PORT=... chooses another.`,
  }
}

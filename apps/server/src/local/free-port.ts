import { createServer } from 'node:net'
import { errorCode } from './local-error.ts'

const HIGHEST_PORT = 65_535

/** How many ports after the wanted one are tried: enough for several checkouts on one machine. */
const TRIES = 100

/**
 * Finds a TCP port nobody listens on: the wanted one, or else the next free one above it.
 * The port is free at the moment of asking only; who binds it must still be ready to lose it.
 * @param wanted  1 to 65535; 0 leaves the choice to the system
 * @param host    the address that will be bound
 * @throws {RangeError} when none of the next 100 ports is free
 */
export async function findFreePort(wanted: number, host: string): Promise<number> {
  const last = Math.min(wanted + TRIES - 1, HIGHEST_PORT)
  for (let port = wanted; port <= last; port++) {
    const bound = await tryToBind(port, host)
    if (bound !== undefined) return bound
  }
  throw new RangeError(`No free port from ${wanted} to ${last} on ${host}.`)
}

/** @returns whether nobody listens on the port of this address right now */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  return (await tryToBind(port, host)) !== undefined
}

/** @returns the port that was bound and let go again; undefined when it is taken or not ours to bind */
function tryToBind(port: number, host: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  const server = createServer()
  server.once('error', (error) => {
    const code = errorCode(error)
    if (code === 'EADDRINUSE' || code === 'EACCES') resolve(undefined)
    else reject(error)
  })
  server.listen({ port, host, exclusive: true }, () => {
    const address = server.address()
    const bound = address !== null && typeof address === 'object' ? address.port : port
    server.close(() => {
      resolve(bound)
    })
  })
  return promise
}

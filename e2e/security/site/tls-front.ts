import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:https'
import { createAuthority } from '../../../apps/server/test/certificates.ts'

/** What ends TLS in front of a web process. */
export type TlsFront = AsyncDisposable & { url: string; passTo: (port: number) => void }

/** Passes requests on as a proxy does that is set up as `docs/operate` says: it tells the visitor's address and protocol. */
export async function startTlsFront(): Promise<TlsFront> {
  await using authority = await createAuthority()
  const { certFile, keyFile } = await authority.issue('localhost')
  let toPort = 0
  const server = createServer(
    { cert: await readFile(certFile), key: await readFile(keyFile) },
    (incoming, outgoing) => {
      const { method, url: path, headers } = incoming
      const told = { 'x-forwarded-for': incoming.socket.remoteAddress ?? '', 'x-forwarded-proto': 'https' }
      const options = { port: toPort, host: '127.0.0.1', method, path, headers: { ...headers, ...told } }
      const passed = request(options, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      passed.on('error', () => outgoing.destroy())
      outgoing.on('close', () => passed.destroy())
      incoming.pipe(passed)
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The front listens on no port')
  return {
    url: `https://localhost:${String(address.port)}`,
    passTo: (port) => void (toPort = port),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

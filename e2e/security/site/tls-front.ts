import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { createAuthority } from '../../../apps/server/test/certificates.ts'
import { startFront } from '../../stack/front.ts'

/** What ends TLS in front of a web process. */
export type TlsFront = AsyncDisposable & { url: string; passTo: (port: number) => void }

/** Passes requests on as a proxy does that is set up as `docs/operate` says: it tells the visitor's address and protocol. */
export async function startTlsFront(): Promise<TlsFront> {
  await using authority = await createAuthority()
  const { certFile, keyFile } = await authority.issue('localhost')
  const tls = { cert: await readFile(certFile), key: await readFile(keyFile) }
  let toPort = 0
  const front = await startFront((listener) => createServer(tls, listener), {
    target: () => `http://127.0.0.1:${String(toPort)}`,
    headersFor: ({ socket }) => ({ 'x-forwarded-for': socket.remoteAddress ?? '', 'x-forwarded-proto': 'https' }),
    refuse: (outgoing) => outgoing.destroy(),
  })
  return {
    url: `https://localhost:${String(front.port)}`,
    passTo: (port) => void (toPort = port),
    [Symbol.asyncDispose]: () => front[Symbol.asyncDispose](),
  }
}

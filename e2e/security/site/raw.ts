import { connect } from 'node:net'

/** How long bytes are waited for after which there is nothing more to come. */
const QUIET_MS = 1_500

export type Heard = {
  text: string
  /** whether the server ended the connection */
  isClosed: boolean
  /** the status of each answer that came */
  statuses: number[]
}

/** Sends bytes as they are over a connection of its own, and tells what comes back until it is quiet. */
export function sendRaw(url: string, bytes: string | Buffer, { untilMs = QUIET_MS } = {}): Promise<Heard> {
  const { hostname, port } = new URL(url)
  const { promise, resolve } = Promise.withResolvers<Heard>()
  const socket = connect(Number(port), hostname)
  let text = ''
  const end = (isClosed: boolean) => {
    socket.destroy()
    const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
    resolve({ text, isClosed, statuses })
  }
  socket.setTimeout(untilMs, () => end(false))
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  socket.once('close', () => end(true))
  // A reset is an end, too.
  socket.on('error', () => undefined)
  socket.write(bytes)
  return promise
}

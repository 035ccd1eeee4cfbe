import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** How long every chunk is kept back, in milliseconds, at least and at most. */
export type Delay = { minMs: number; maxMs: number }

/** A link between two programs that a fault can slow down or cut. */
export type Link = {
  port: number
  /** what comes in from now on is kept back this long, in its order; undefined for not at all */
  delay: (delay: Delay | undefined) => void
  /** breaks every connection, and refuses new ones until `mend` */
  cut: () => void
  mend: () => void
  close: () => Promise<void>
}

const HOST = '127.0.0.1'

type State = { delay: Delay | undefined; isCut: boolean; random: () => number }

/** Starts a link to a port of this machine. */
export async function startLink(targetPort: number, random: () => number): Promise<Link> {
  const state: State = { delay: undefined, isCut: false, random }
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (state.isCut) return void near.destroy()
    const far = connect({ port: targetPort, host: HOST, allowHalfOpen: true })
    join(near, far, open)
    forward(near, far, state)
    forward(far, near, state)
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the link listens on no port')
  const breakAll = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: address.port,
    delay: (delay) => {
      state.delay = delay
    },
    cut: () => {
      state.isCut = true
      breakAll()
    },
    mend: () => {
      state.isCut = false
    },
    close: async () => {
      breakAll()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 * One end breaks when the other does; one that has ended in good order is ended behind what is still on its way. That a
 * connection breaks is what links are for: it is no error here.
 */
function join(near: Socket, far: Socket, open: Set<Socket>): void {
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    open.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.once('close', () => {
      open.delete(socket)
      if (!socket.readableEnded) other.destroy()
    })
  }
}

/** Passes chunks on in their order: one that has waited enough still waits for those before it. */
function forward(from: Socket, to: Socket, state: State): void {
  const queue: { dueMs: number; deliver: () => void }[] = []
  const flush = () => {
    for (let [next] = queue; next; [next] = queue) {
      const waitMs = next.dueMs - performance.now()
      if (waitMs > 0) return void setTimeout(flush, waitMs)
      queue.shift()
      next.deliver()
    }
  }
  const pass = (deliver: () => void) => {
    const { delay, random } = state
    const waitMs = delay ? delay.minMs + random() * (delay.maxMs - delay.minMs) : 0
    queue.push({ dueMs: performance.now() + waitMs, deliver })
    if (queue.length === 1) flush()
  }
  from.on('data', (chunk) =>
    pass(() => {
      if (to.writable) to.write(chunk)
    }),
  )
  from.on('end', () => pass(() => to.end()))
}

import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startLink } from './proxy.ts'

/** A server that sends back what it gets, behind a link. */
async function startEcho() {
  const server = createServer((socket) => void socket.on('error', () => undefined).pipe(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const link = await startLink(typeof address === 'object' && address ? address.port : 0, () => 0.5)
  const stack = new AsyncDisposableStack()
  stack.defer(() => void server.close())
  stack.defer(() => link.close())
  return { link, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

async function say(port: number, ...words: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  for (const word of words) {
    socket.write(word)
    await sleep(5)
  }
  socket.end()
  return text(socket)
}

test('a link passes on everything, also slowly, in its order', async () => {
  await using echo = await startEcho()
  expect(await say(echo.link.port, 'a', 'b', 'c')).toBe('abc')
  echo.link.delay({ minMs: 20, maxMs: 60 })
  const startMs = performance.now()
  expect(await say(echo.link.port, 'a', 'b', 'c')).toBe('abc')
  expect(performance.now() - startMs).toBeGreaterThan(75)
})

test('a cut link breaks what is open and refuses what comes, until it is mended', async () => {
  await using echo = await startEcho()
  const open = connect(echo.link.port, '127.0.0.1')
  open.on('error', () => undefined)
  await once(open, 'connect')
  const broken = once(open, 'close')
  await sleep(20)
  echo.link.cut()
  await broken
  expect(await say(echo.link.port, 'a').catch(() => '')).toBe('')
  echo.link.mend()
  expect(await say(echo.link.port, 'a')).toBe('a')
})

import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { findFreePort, isPortFree } from './free-port.ts'

const HOST = '127.0.0.1'

test('a free port is taken as asked for', async () => {
  const port = await findFreePort(0, HOST)
  expect(await findFreePort(port, HOST)).toBe(port)
  expect(await isPortFree(port, HOST)).toBe(true)
})

test('a taken port gives the next free one above it', async () => {
  const { server, port } = await listenSomewhere()
  expect(await isPortFree(port, HOST)).toBe(false)
  expect(await findFreePort(port, HOST)).toBeGreaterThan(port)
  server.close()
})

test('an address that is not of this machine is an error, not a taken port', async () => {
  await expect(isPortFree(5000, '192.0.2.1')).rejects.toThrow('EADDRNOTAVAIL')
})

async function listenSomewhere(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(await findFreePort(20_000, HOST), HOST)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not a TCP server')
  return { server, port: address.port }
}

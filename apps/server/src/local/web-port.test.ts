import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { findFreePort } from './free-port.ts'
import { chooseWebPort } from './web-port.ts'

const HOST = '0.0.0.0'

test('a port that was asked for and is free is used without a word', async () => {
  const port = String(await findFreePort(0, HOST))
  expect(await chooseWebPort(port)).toEqual({ port })
})

test('a port that was asked for and is taken is refused with a way out', async () => {
  const port = await findFreePort(20_500, HOST)
  const server = createServer().listen(port, HOST)
  await once(server, 'listening')
  await expect(chooseWebPort(String(port))).rejects.toThrow(`Port ${port} is taken by another program: stop it, or`)
  server.close()
})

test('a port that is no port is left to the check of all settings', async () => {
  expect(await chooseWebPort('http')).toEqual({ port: 'http' })
})

test('without a wish it is 5000, or a later one and a sentence that says so', async () => {
  const { port, note } = await chooseWebPort(undefined)
  if (port === '5000') expect(note).toBeUndefined()
  else expect(note).toBe(`Port 5000 is taken by another program: using ${port}. PORT=... chooses another.`)
})

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, inject, test } from 'vitest'
import { tenantBatch } from './batch.ts'
import { openPool } from './database.ts'
import { isUnavailable } from './errors.ts'

/** A cable to the test's PostgreSQL that can be pulled: nothing comes through any more, and nobody is told. */
async function cable() {
  const { hostname, port } = new URL(inject('postgresUrl'))
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = new URL(inject('postgresUrl'))
  url.hostname = '127.0.0.1'
  url.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  return {
    url: url.href,
    pull: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const statement = { name: 'one', text: 'select 1 as one', values: [] }

test('whoever waits for a database that says nothing any more is told so, and the next one gets a new connection', async () => {
  await using line = await cable()
  const pool = openPool({ connectionString: line.url, max: 1, silenceMs: 300 }, () => undefined)
  try {
    for (const ask of [() => pool.query('select 1'), () => tenantBatch(pool, 'nobody', [statement])]) {
      await ask()
      line.pull()
      const error = await ask().catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(Error)
      expect(isUnavailable(error)).toBe(true)
    }
    await expect(pool.query('select 1 as one')).resolves.toMatchObject({ rows: [{ one: 1 }] })
  } finally {
    await pool.end()
  }
})

test('a connection that nobody asks anything may be silent for as long as it likes', async () => {
  const pool = openPool({ connectionString: inject('postgresUrl'), max: 1, silenceMs: 50 }, () => undefined)
  const client = await pool.connect()
  try {
    const { rows: before } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    await new Promise((resolve) => setTimeout(resolve, 200))
    const { rows: after } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    expect(after).toEqual(before)
  } finally {
    client.release()
    await pool.end()
  }
})

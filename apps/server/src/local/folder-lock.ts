import { createHash } from 'node:crypto'
import { realpath, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, LocalError } from './local-error.ts'

const POLL_MS = 50

export type FolderLock = { release: () => Promise<void> }

/**
 * Takes a folder for this process alone, until it is released or the process ends in whatever way: the lock is a
 * listening socket, which no kill can leave behind as held.
 * @param folder  must exist
 * @param waitMs  how long to wait for a holder that may be about to stop
 * @throws {LocalError} when another process holds it; the sentence names that process
 */
export async function lockFolder(folder: string, waitMs = 0): Promise<FolderLock> {
  const address = socketAddress(await realpath(folder))
  const deadlineMs = performance.now() + waitMs
  for (;;) {
    const lock = await tryToListen(address)
    if (lock) return lock
    const holder = await askHolder(address)
    // The socket's file outlived a killed process (not on Linux, where the address is no file).
    if (holder === undefined) await rm(address, { force: true })
    else if (performance.now() >= deadlineMs) throw folderInUse(folder, holder)
    await sleep(POLL_MS)
  }
}

/** Short whatever the folder's length: socket addresses end at about 100 bytes. Linux needs no file (`\0`). */
function socketAddress(folder: string): string {
  const name = `slotkeeper-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`
  if (process.platform === 'linux') return `\0${name}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`)
}

/** @returns undefined when the address is taken, by somebody alive or not */
function tryToListen(address: string): Promise<FolderLock | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<FolderLock | undefined>()
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.end(String(process.pid))
  })
  server.once('error', (error) => {
    if (errorCode(error) === 'EADDRINUSE') resolve(undefined)
    else reject(error)
  })
  server.listen(address, () => {
    server.unref()
    resolve({ release: () => closed(server) })
  })
  return promise
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  server.close(() => {
    resolve(undefined)
  })
  return promise
}

/** @returns the id of the process that holds the lock; undefined when nobody answers */
function askHolder(address: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = connect(address)
  let answer = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => (answer += chunk))
  socket.once('end', () => {
    resolve(answer)
  })
  socket.once('error', () => {
    resolve(undefined)
  })
  return promise
}

function folderInUse(folder: string, holder: string): LocalError {
  return new LocalError(`Slotkeeper is already running with the data in ${folder} (process ${holder}): stop it first.`)
}

import { createHash } from 'node:crypto'
import { realpath, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode, LocalError } from './local-error.ts'

export type FolderLock = { release: () => Promise<void> }

/**
 * Takes a folder for this process alone, until it is released or the process ends in whatever way: the lock is a
 * listening socket, which no kill can leave behind as held.
 * @param folder  must exist
 * @throws {LocalError} when another process holds it; the sentence names that process
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const address = socketAddress(await realpath(folder))
  const lock = await tryToListen(address)
  if (lock) return lock
  const holder = await askHolder(address)
  if (holder !== undefined) throw folderInUse(folder, holder)
  // The socket's file outlived a killed process (not on Linux, where the address is no file).
  await rm(address, { force: true })
  const secondTry = await tryToListen(address)
  if (!secondTry) throw folderInUse(folder, '')
  return secondTry
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
  const who = holder === '' ? 'another process' : `process ${holder}`
  return new LocalError(`Slotkeeper is already running with the data in ${folder} (${who}): stop it first.`)
}

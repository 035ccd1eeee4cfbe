import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../../apps/server/src/local/free-port.ts'
import { git } from '../../release/git.ts'
import { runCommand } from '../../shared/run-command.ts'
import { SSHD } from '../../test/system-needs.ts'

/** A machine as `ship` and `mirror` reach it: sshd on the loopback address, which lets one key in. */
export type Machine = AsyncDisposable & {
  /** what ssh is told to go to */
  host: string
  /** the private key that it lets in */
  key: string
  /** what it is known by */
  knownHosts: string
  /** what another one would be known by, of the same name */
  strangersHosts: string
  /** a checkout on it, of before the release */
  folder: string
  /** what its npm and its docker were asked, one command a line; they do nothing */
  asked: () => Promise<string[]>
}

/** @param origin  where its checkout is from, at the branch `main` without its last commit */
export async function startMachine(folder: string, origin: string): Promise<Machine> {
  const at = (name: string) => join(folder, name)
  const log = at('asked')
  await mkdir(at('programs'), { recursive: true })
  await writeFile(log, '')
  for (const name of ['npm', 'docker']) await writeProgram(at(`programs/${name}`), `echo "${name} $*" >> ${log}`)
  for (const name of ['host-key', 'key']) await makeKey(at(name))
  await git(folder, 'clone', '--quiet', '--no-tags', origin, at('slotkeeper'))
  await git(at('slotkeeper'), 'reset', '--quiet', '--hard', 'HEAD~1')
  const port = await findFreePort(0, '127.0.0.1')
  // sshd gives up its rights in an empty folder, which the system makes for its own only.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true })
  const options = {
    ListenAddress: `127.0.0.1:${port}`,
    HostKey: at('host-key'),
    AuthorizedKeysFile: at('key.pub'),
    PidFile: 'none',
    StrictModes: 'no',
    UsePAM: 'no',
    PasswordAuthentication: 'no',
    SetEnv: `PATH=${at('programs')}:/usr/bin:/bin`,
  }
  await writeFile(
    at('sshd_config'),
    Object.entries(options)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  )
  const sshd = spawn(SSHD, ['-D', '-e', '-f', at('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  const killAtExit = () => sshd.kill()
  process.on('exit', killAtExit)
  await listening(sshd.stderr)
  return {
    host: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    key: await readFile(at('key'), 'utf8'),
    knownHosts: `[127.0.0.1]:${port} ${await readFile(at('host-key.pub'), 'utf8')}`,
    strangersHosts: `[127.0.0.1]:${port} ${await readFile(at('key.pub'), 'utf8')}`,
    folder: at('slotkeeper'),
    asked: async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean),
    async [Symbol.asyncDispose]() {
      process.off('exit', killAtExit)
      sshd.kill()
      await once(sshd, 'exit')
    },
  }
}

/** A program of a shell's lines. */
export async function writeProgram(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
}

async function makeKey(path: string): Promise<void> {
  const { ok, output } = await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'trial', '-f', path])
  if (!ok) throw new Error(output)
}

/** @throws with what it says when it ends before */
async function listening(told: NodeJS.ReadableStream): Promise<void> {
  let output = ''
  for await (const chunk of told) {
    output += String(chunk)
    if (output.includes('listening on')) {
      told.resume()
      return
    }
  }
  throw new Error(`sshd did not start: ${output}`)
}

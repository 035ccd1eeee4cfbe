import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Files in PEM. */
export type Certificate = { certFile: string; keyFile: string }

/** An authority of a test's own, which vouches for the certificates that it issues. */
export type Authority = AsyncDisposable & { caFile: string; issue: (hostname: string) => Promise<Certificate> }

/** Makes an authority in a folder of its own, which goes with it. */
export async function createAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'slotkeeper-ca-'))
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=test CA')
  const caFile = join(folder, 'ca.pem')
  return {
    caFile,
    async issue(hostname) {
      const [key, pem] = [`${hostname}.key`, `${hostname}.pem`]
      const names = ['-subj', `/CN=${hostname}`, '-addext', `subjectAltName=DNS:${hostname}`]
      const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '2']
      await openssl('req', '-x509', ...newKey, '-keyout', key, '-out', pem, ...names, ...signing)
      return { certFile: join(folder, pem), keyFile: join(folder, key) }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

import { once } from 'node:events'
import { isIP } from 'node:net'
import { checkServerIdentity, connect } from 'node:tls'
import { failed, ok, reasonOf, warning, type Finding } from '../shared/finding.ts'

export type CertificateFacts = {
  hostname: string
  /** when it ends, epoch milliseconds */
  endsMs: number
  /** why nobody vouches for it; undefined when somebody does */
  chainProblem: string | undefined
  nameProblem: string | undefined
}

const NAME = 'certificate'
const DAY_MS = 86_400_000
const PATIENCE_MS = 5_000

/** What renews by itself does so a month before the end: three weeks before, something is wrong. */
const SOON_DAYS = 21

/** The certificate that visitors of an address get. */
export async function checkCertificate(publicUrl: string, nowMs: number): Promise<Finding[]> {
  const { protocol, hostname, port } = new URL(publicUrl)
  if (protocol === 'http:') return [ok(`${NAME} of ${hostname}`, 'none, as PUBLIC_URL is http://')]
  try {
    return [judgeCertificate(await readCertificate(hostname, Number(port || 443)), nowMs)]
  } catch (error) {
    const found = `could not be looked at from here: ${reasonOf(error)}`
    const fix = 'See whether the proxy runs and the name leads to it; from inside a network that may not be possible.'
    return [warning(`${NAME} of ${hostname}`, found, fix)]
  }
}

/** Whether browsers take it, and for how long. */
export function judgeCertificate(facts: CertificateFacts, nowMs: number): Finding {
  const name = `${NAME} of ${facts.hostname}`
  const days = Math.floor((facts.endsMs - nowMs) / DAY_MS)
  if (days < 0) return failed(name, `ended ${-days} days ago`, 'Renew it at once: browsers refuse the site.')
  if (facts.nameProblem !== undefined)
    return failed(name, facts.nameProblem, 'Get one for the name in PUBLIC_URL, or correct PUBLIC_URL.')
  const left = `${days} days left`
  if (facts.chainProblem !== undefined) {
    const fix =
      'Get one of a known authority and install its intermediate certificates, too; see docs/operate/deploy.md.'
    return warning(name, `${left}, but nobody known vouches for it: ${facts.chainProblem}`, fix)
  }
  if (days < SOON_DAYS) return warning(name, left, 'Renew it, and see why it was not renewed by itself.')
  return ok(name, `${left}, chain and name are right`)
}

async function readCertificate(hostname: string, port: number): Promise<CertificateFacts> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const name = isIP(host) === 0 ? { servername: host } : {}
  // Only looked at, never trusted: nothing is sent. The name is judged apart from the chain.
  const asItIs = { rejectUnauthorized: false, checkServerIdentity: () => undefined }
  const socket = connect({ host, port, ...name, ...asItIs })
  const onTimeout = () => void socket.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`))
  socket.setTimeout(PATIENCE_MS, onTimeout)
  try {
    await once(socket, 'secureConnect')
    const certificate = socket.getPeerCertificate()
    return {
      hostname,
      endsMs: Date.parse(certificate.valid_to),
      chainProblem: socket.authorized ? undefined : reasonOf(socket.authorizationError),
      nameProblem: checkServerIdentity(host, certificate)?.message,
    }
  } finally {
    socket.destroy()
  }
}

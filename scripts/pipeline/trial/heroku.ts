import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** The parts of Heroku that `ship` speaks to: its Git over HTTP, and the releases of its API. */
export type Platform = AsyncDisposable & {
  /** without a slash at its end */
  url: string
  /** the ids of the releases that it was asked to go back to */
  wentBackTo: string[]
}

const KEY = 'a-key-of-the-trial'

/** What a person sets who ships to it. */
export const HEROKU = { app: 'practice', key: KEY }

/** @param repositories  a folder with the bare repository `practice.git` */
export async function startPlatform(repositories: string): Promise<Platform> {
  const wentBackTo: string[] = []
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/apps/')) void answerApi(request, response, wentBackTo)
    else answerGit(request, response, repositories)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    wentBackTo,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** @see https://devcenter.heroku.com/articles/platform-api-reference#release */
async function answerApi(request: IncomingMessage, response: ServerResponse, wentBackTo: string[]): Promise<void> {
  if (request.headers.authorization !== `Bearer ${KEY}`) response.writeHead(401).end()
  else if (request.url !== `/apps/${HEROKU.app}/releases`) response.writeHead(404).end()
  else if (request.method === 'GET') {
    const release = { status: 'succeeded', current: false }
    const releases = [
      { ...release, id: 'new', version: 2, current: true, slug: { id: 'b' } },
      { ...release, id: 'old', version: 1, slug: { id: 'a' } },
    ]
    response.writeHead(206, { 'content-type': 'application/json' }).end(JSON.stringify(releases))
  } else {
    wentBackTo.push(((await json(request)) as { release: string }).release)
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}')
  }
}

/** Git itself answers, by CGI (RFC 3875), once somebody has said the key. */
function answerGit(request: IncomingMessage, response: ServerResponse, repositories: string): void {
  const [, password] = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64')
    .toString()
    .split(':')
  if (password !== KEY) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="Git"' }).end()
    return
  }
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: repositories,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'heroku',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  request.pipe(child.stdin)
  void passOn(child.stdout, response)
}

/** Heads of CGI are lines; what follows the empty one is the body. */
async function passOn(from: NodeJS.ReadableStream, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of from) chunks.push(chunk as Buffer)
  const whole = Buffer.concat(chunks)
  const end = whole.indexOf('\r\n\r\n')
  const heads = whole
    .subarray(0, end)
    .toString()
    .split('\r\n')
    .map((line) => line.split(': ', 2) as [string, string])
  const status = heads.find(([name]) => name === 'Status')?.[1] ?? '200'
  response.writeHead(Number.parseInt(status), Object.fromEntries(heads.filter(([name]) => name !== 'Status')))
  response.end(whole.subarray(end + 4))
}

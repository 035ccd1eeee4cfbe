import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { vi } from 'vitest'
import { release } from './command.ts'
import { cloudFormation } from './fake-cloudformation.fixture.ts'
import { containerService } from './fake-ecs.fixture.ts'
import { makeWorld, type Answer, type World } from './fake-world.fixture.ts'

const BUCKET = 'slotkeeper-staging-static-111122223333'

/** AWS as far as releases ask it, on this machine: the wire formats are the SDK's own. It is where the SDK looks for AWS. */
export async function startAws(more: Partial<World> = {}): Promise<World & AsyncDisposable> {
  const server = createServer((request, response) => void answer(world, request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const world = Object.assign(makeWorld(url), more)
  const found = { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'nothing' }
  for (const [name, value] of Object.entries(found)) vi.stubEnv(name, value)
  return Object.assign(world, {
    [Symbol.asyncDispose]: async () => {
      vi.unstubAllEnvs()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

/** Runs a command against the world, and collects what it tells. */
export async function runRelease(
  world: World,
  args: string[],
  env: Record<string, string> = { IMAGE: 'ghcr.io/Acme/slotkeeper' },
) {
  const said: string[] = []
  const complained: string[] = []
  const code = await release(['--every', '0', ...args], {
    env,
    docker: dockerOf(world),
    say: (line) => said.push(line),
    complain: (line) => complained.push(line),
  })
  return { code, said: said.join('\n'), complained: complained.join('\n') }
}

/** A docker whose images are the world's: what it pushes is in the registry then. */
function dockerOf(world: World) {
  return async (args: string[], input = ''): Promise<string> => {
    world.asked.push(`docker ${args.filter((word) => !word.startsWith('/tmp')).join(' ')}${input && ` < ${input}`}`)
    const tag = args.at(-1)?.split(':').at(-1) ?? ''
    if (args[0] === 'pull' && !world.images[tag]) throw new Error(`docker pull failed: ${args.at(-1)} not found`)
    if (args[0] === 'push') world.registry.add(tag)
    if (args[0] === 'create') return `container-of-${tag}`
    if (args[0] === 'cp') await copy(world, args)
    return ''
  }
}

async function copy({ images }: World, [, from = '', to = '']: string[]): Promise<void> {
  const [container = '', folder = ''] = from.split(':')
  const image = images[container.replace('container-of-', '')]
  if (!image) throw new Error(`There is no ${container}`)
  const files = folder.endsWith('migrations')
    ? Object.entries(image.migrations).map(([name, head]) => [`${name}.sql`, head])
    : [
        ['version.json', JSON.stringify({ version: image.pages })],
        [`immutable/entry/start.${image.pages}.js`, 'start()'],
        [`immutable/entry/start.${image.pages}.js.br`, 'compressed'],
        ['immutable/assets/page.css', 'body {}'],
      ]
  for (const [name = '', content = ''] of files) {
    await mkdir(join(to, name, '..'), { recursive: true })
    await writeFile(join(to, name), content)
  }
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', world.url)
  const body = await text(request)
  const target = request.headers['x-amz-target']
  if (pathname === '/_app/version.json') {
    show(world, response)
  } else if (typeof target === 'string') {
    const [service = '', action = ''] = target.split('.')
    sendJson(response, service, jsonService(world, service, action, JSON.parse(body) as Record<string, unknown>))
  } else if (pathname === '/') {
    const { Action = '', ...asked } = Object.fromEntries(new URLSearchParams(body))
    note(world, `cloudformation:${Action}`, asked)
    const { status = 200, body: xml } = cloudFormation(world, Action, asked)
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml)
  } else {
    const key = decodeURIComponent(pathname.split('/').slice(2).join('/'))
    store(world, { request, response, key, isList: searchParams.has('list-type') })
  }
}

function jsonService(world: World, service: string, action: string, body: Record<string, unknown>): Answer {
  if (service.startsWith('AmazonEC2ContainerService')) {
    note(world, `ecs:${action}`, body)
    return containerService(world, action, body)
  }
  if (service.startsWith('AmazonEC2ContainerRegistry')) {
    note(world, `ecr:${action}`, body)
    if (action === 'GetAuthorizationToken')
      return { body: { authorizationData: [{ authorizationToken: Buffer.from('AWS:hidden').toString('base64') }] } }
    const asked = (body['imageIds'] as { imageTag: string }[]).filter(({ imageTag }) => world.registry.has(imageTag))
    return { body: { images: asked.map((imageId) => ({ imageId })), failures: [] } }
  }
  if (service.startsWith('Granite')) {
    note(world, `cloudwatch:${action}`, body)
    const alarm = (name: string) => ({ AlarmArn: `arn:aws:cloudwatch:eu-central-1:111122223333:alarm:${name}` })
    return { body: { MetricAlarms: world.ringing.map((name) => ({ ...alarm(name), StateValue: 'ALARM' })) } }
  }
  note(world, `logs:${action}`, body)
  const stream = String(body['logStreamName']).split('/')
  return { body: { events: logOf(world, stream).map((message) => ({ message, timestamp: 0 })) } }
}

function logOf({ task, asked, requests }: World, [, container]: string[]): string[] {
  if (container === 'users') return ['password authentication failed']
  const command = asked.findLast((line) => line.startsWith('migrate')) ?? ''
  if (task === 'migration fails' && !command.startsWith('migrate status'))
    return ['Migrating', 'canceling statement due to lock timeout']
  const answer = requests.findLast(({ action }) => action === 'answer of a task')
  return ['Migrating', ...(answer ? [JSON.stringify(answer.body)] : [])]
}

function note(world: World, action: string, body: unknown): void {
  world.asked.push(action)
  world.requests.push({ action, body })
}

type Stored = { request: IncomingMessage; response: ServerResponse; key: string; isList: boolean }

function store(world: World, { request, response, key, isList }: Stored): void {
  const { bucket } = world
  note(world, isList ? 's3:ListBucket' : 's3:PutObject', request.url)
  if (!bucket || !request.url?.startsWith(`/${BUCKET}`)) {
    response.writeHead(404).end('<Error><Code>NoSuchBucket</Code><Message>It is not there</Message></Error>')
  } else if (isList) {
    const keys = [...bucket.keys()].map((one) => `<Contents><Key>${one}</Key></Contents>`).join('')
    response.end(`<ListBucketResult><IsTruncated>false</IsTruncated>${keys}</ListBucketResult>`)
  } else {
    bucket.set(key, { type: request.headers['content-type'], cache: request.headers['cache-control'] })
    response.end()
  }
}

function show({ shown, images, parameters }: World, response: ServerResponse): void {
  const pages = images[parameters['Version'] ?? '']?.pages
  const { status, body } = shown ?? { status: 200, body: JSON.stringify({ version: pages }) }
  response.writeHead(status).end(body)
}

function sendJson(response: ServerResponse, service: string, { status = 200, body }: Answer): void {
  const version = service.startsWith('Granite') ? '1.0' : '1.1'
  response.writeHead(status, { 'content-type': `application/x-amz-json-${version}` }).end(JSON.stringify(body))
}

import type { EnvironmentConfig } from '../config.ts'
import { NONE } from '../stacks/versions.ts'
import type { Aws } from './aws.ts'
import { copyImage, type Docker, type Opened } from './images.ts'
import type { Installation } from './installation.ts'
import { runOnce } from './once.ts'
import { EXIT, NoRelease } from './outcome.ts'
import { describeStep, type Step } from './plan.ts'
import { canTakeBack, deadly } from './schema.ts'
import { uploadFiles } from './static-files.ts'
import { updateStack } from './update-stack.ts'
import { watchFor, type Watch } from './watch.ts'

export type Asked = {
  aws: Aws
  docker: Docker
  config: EnvironmentConfig
  watch: Watch
  say: (line: string) => void
  /** NAME:PASSWORD, for a staging that shows itself to named people only */
  credentials: string | undefined
  /** tells the steps, and takes none */
  dryRun: boolean
}

export type Work = Asked & {
  installation: Installation
  open: (image: string) => Promise<Opened>
  /** the migrations that come with what the stack is changed to */
  brought: string[]
}

type A<Does extends Step['does']> = Extract<Step, { does: Does }>

/** As `migrate status --json` tells it. */
type Status = { applied: string[]; waiting: string[]; unknown: string[] }

/** The stack has changed, and visitors do not see it. */
export class PagesMissing extends NoRelease {
  constructor(message: string) {
    super(message, EXIT.stuck)
  }
}

/** CloudFront and the load balancer take a moment to ask new ones alone. */
const LOOKS_AT_PAGES = 12

/** @throws {NoRelease} with what is wrong, after which no further step is to be taken */
export async function take(work: Work, step: Step): Promise<void> {
  work.say(describeStep(step))
  switch (step.does) {
    case 'copy':
      return copyImage(work.docker, step.from, step.to)
    case 'look':
      return look(work, step)
    case 'upload':
      return upload(work, step)
    case 'migrate':
      return migrate(work, step)
    case 'update': {
      const versions = { ...step.versions, Brought: work.brought.join(',') || NONE }
      return updateStack(work.aws, work.installation, { ...work, versions, watched: step.watched })
    }
    case 'take back':
      return takeBack(work, step)
    case 'ask':
      return ask(work, step)
  }
}

async function look(work: Work, { image }: A<'look'>): Promise<void> {
  const { waiting } = await statusOf(work, image)
  const { migrations } = await work.open(image)
  const refused = deadly(migrations, waiting)
  if (refused.length > 0)
    throw new NoRelease(
      `The version that runs does not survive ${refused.join(', ')}: read the notes of the release, and close the doors for it.`,
    )
  work.say(waiting.length === 0 ? 'no migration waits' : `waiting: ${waiting.join(', ')}`)
}

async function upload({ aws, open, say }: Work, { image, bucket }: A<'upload'>): Promise<void> {
  const { files } = await open(image)
  const count = await uploadFiles(aws, bucket, files)
  say(count === undefined ? 'there is no such bucket yet: the application serves them' : `${count} are new`)
}

async function migrate(work: Work, { image }: A<'migrate'>): Promise<void> {
  const command = ['migrate', 'up', '--json']
  const { applied } = await runOnce<{ applied: string[] }>(work.aws, work.installation, { ...work, image, command })
  work.brought = applied
  work.say(applied.length === 0 ? 'the schema is up to date' : `applied: ${applied.join(', ')}`)
}

/** Without consequence when it cannot be done: what runs now runs on this schema, too. */
async function takeBack(work: Work, { image, migrations }: A<'take back'>): Promise<void> {
  try {
    const { applied, unknown } = await statusOf(work, image)
    const opened = await work.open(image)
    if (unknown.length > 0 || !canTakeBack(opened.migrations, applied, migrations)) {
      work.say('the schema stays as it is: each release runs on the schema of the next')
      return
    }
    const command = ['migrate', 'down', String(migrations.length), '--json']
    await runOnce(work.aws, work.installation, { ...work, image, command })
    work.say(`taken back: ${migrations.toReversed().join(', ')}`)
  } catch (error) {
    work.say(`the schema was not taken back: ${String(error)}`)
  }
}

/** It ends with 1 where something waits. */
function statusOf(work: Work, image: string): Promise<Status> {
  const command = ['migrate', 'status', '--json']
  return runOnce(work.aws, work.installation, { ...work, image, command, mayEndWith: [1] })
}

/** @throws {PagesMissing} when visitors do not get the pages of the version */
async function ask({ open, credentials, watch, say }: Work, { url, image }: A<'ask'>): Promise<void> {
  const { pages } = await open(image).catch((cause: unknown) => {
    throw new PagesMissing(`Nobody knows the pages of ${image}: ${String(cause)}`)
  })
  const headers = credentials ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {}
  let found = ''
  const seen = await watchFor({ everyMs: watch.everyMs, looks: LOOKS_AT_PAGES }, async () => {
    found = await fetch(`${url}/_app/version.json`, { headers }).then(
      async (response) => `${response.status} ${await response.text()}`,
      (error: unknown) => String(error),
    )
    if (found.startsWith('401 ')) return 'not asked: this staging wants a name, and STAGING_CREDENTIALS has none of its'
    return found.includes(`"version":"${pages}"`) ? 'visitors get its pages' : undefined
  })
  if (seen === undefined) throw new PagesMissing(`${url} does not show the pages of ${image}, but answers ${found}`)
  say(seen)
}

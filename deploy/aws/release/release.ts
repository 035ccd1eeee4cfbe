import { staticBucketName } from '../stacks/edge.ts'
import { NONE } from '../stacks/versions.ts'
import { openImage, signIn, tagsThere, type Opened } from './images.ts'
import { readInstallation, type Installation } from './installation.ts'
import { EXIT, NoRelease } from './outcome.ts'
import { describeStep, planDeploy, planRollBack, takeBackOf, type Plan, type Wish } from './plan.ts'
import { PagesMissing, take, type Asked, type Work } from './steps.ts'

/**
 * Brings a version to an environment: image, static files and schema first, then the stack of the application. When the
 * version does not serve, the one before comes back, and the schema where nothing is lost by it.
 * @throws {NoRelease} with what is wrong
 */
export async function deploy(asked: Asked, wish: Wish): Promise<void> {
  const installation = await readInstallation(asked.aws, asked.config)
  const there = await tagsThere(asked.aws, installation.repository, [wish.version, installation.version])
  const bucket = staticBucketName(installation.account, asked.config)
  const plan = planDeploy({ installation, bucket, there }, wish)
  await begin(asked, { installation, plan }, async (work) => {
    try {
      for (const step of plan.steps) await take(work, step)
    } catch (error) {
      throw await goBack(work, plan.to, error)
    }
  })
}

/**
 * Brings the version before back.
 * @throws {NoRelease} with what is wrong
 */
export async function rollBack(asked: Asked): Promise<void> {
  const installation = await readInstallation(asked.aws, asked.config)
  const there = await tagsThere(asked.aws, installation.repository, [installation.previous ?? installation.version])
  const plan = planRollBack({ installation, there })
  await begin(asked, { installation, plan }, async (work) => {
    for (const step of plan.steps) await take(work, step)
  })
}

async function begin(
  asked: Asked,
  { installation, plan }: { installation: Installation; plan: Plan },
  carryOut: (work: Work) => Promise<void>,
): Promise<void> {
  const { say, aws, docker } = asked
  say(`from ${plan.from} to ${plan.to}`)
  for (const alarm of installation.alarms)
    if (alarm.rings) say(`${alarm.arn.split(':').at(-1) ?? ''} rings already, and brings nothing back`)
  if (asked.dryRun) {
    for (const step of plan.steps) say(`would ${describeStep(step)}`)
    return
  }
  await using images = new AsyncDisposableStack()
  const opened = new Map<string, Opened>()
  const open = async (image: string) => {
    const known = opened.get(image) ?? images.use(await openImage(docker, image))
    opened.set(image, known)
    return known
  }
  await signIn(aws, docker, installation.repository)
  await carryOut({ ...asked, installation, open, brought: [] })
}

/**
 * What is left to undo of a roll out that failed. The stack undoes itself, unless it had no reason to.
 * @returns what the command fails with
 */
async function goBack(work: Work, version: string, failure: unknown): Promise<unknown> {
  const isMissing = failure instanceof PagesMissing
  if (isMissing) await restore(work, failure)
  else if (failure instanceof NoRelease && failure.exitCode === EXIT.stuck) return failure
  for (const step of takeBackOf(`${work.installation.repository}:${version}`, work.brought)) await take(work, step)
  return isMissing ? new NoRelease(failure.message, EXIT.broughtBack) : failure
}

/** CloudFormation was content, and visitors are not: what the stack said before comes back. */
async function restore(work: Work, { message }: PagesMissing): Promise<void> {
  const { version, previous = NONE, brought } = work.installation
  const versions = { Version: version, PreviousVersion: previous }
  work.say(message)
  await take({ ...work, brought }, { does: 'update', versions, watched: [] }).catch((error: unknown) => {
    throw new NoRelease(`${message}\nGoing back to ${version} failed, too: ${String(error)}`, EXIT.stuck)
  })
}

import { NONE } from '../stacks/versions.ts'
import type { Installation } from './installation.ts'
import { EXIT, NoRelease } from './outcome.ts'

/** What the stack is told, beside the migrations that the version brought. */
export type Versions = { Version: string; PreviousVersion: string }

export type Step =
  | { does: 'copy'; from: string; to: string }
  | { does: 'look'; image: string }
  | { does: 'upload'; image: string; bucket: string }
  | { does: 'migrate'; image: string }
  | { does: 'update'; versions: Versions; watched: string[] }
  | { does: 'take back'; image: string; migrations: string[] }
  | { does: 'ask'; url: string; image: string }

export type Plan = { from: string; to: string; steps: Step[] }

export type Facts = {
  installation: Installation
  /** of static files */
  bucket: string
  /** tags that the environment's registry has */
  there: ReadonlySet<string>
}

export type Wish = {
  version: string
  /** the public name of the image, without a tag */
  image: string | undefined
  /** everything but the application's stack, which is then built for the first time */
  prepare: boolean
}

/**
 * What brings a version.
 * @throws {NoRelease} when it cannot be brought, or nobody could go back
 */
export function planDeploy({ installation, bucket, there }: Facts, { version, image, prepare }: Wish): Plan {
  refuseUnderWay(installation)
  const { repository, version: from, publicUrl } = installation
  const to = `${repository}:${version}`
  if (!there.has(version) && !image)
    throw new NoRelease(`${to} does not exist, and IMAGE does not say where it would come from.`)
  if (!prepare && from === version) throw new NoRelease(`${version} runs already.`, EXIT.done)
  if (!prepare && !there.has(from))
    throw new NoRelease(`${repository}:${from}, which runs, is not in the registry: nobody could go back to it.`)
  const versions = { Version: version, PreviousVersion: from }
  const takeOver: Step[] = [
    { does: 'update', versions, watched: watchedOf(installation) },
    { does: 'ask', url: publicUrl, image: to },
  ]
  return {
    from,
    to: version,
    steps: [
      ...(there.has(version) ? [] : [{ does: 'copy', from: `${image ?? ''}:${version}`, to } as const]),
      { does: 'look', image: to },
      { does: 'upload', image: to, bucket },
      { does: 'migrate', image: to },
      ...(prepare ? [] : takeOver),
    ],
  }
}

/**
 * What brings the version before back. The stack comes first: migrations are taken back when nothing needs them any more.
 * @throws {NoRelease} when none is known, or its image is gone
 */
export function planRollBack({ installation, there }: Omit<Facts, 'bucket'>): Plan {
  refuseUnderWay(installation)
  const { repository, version, previous, brought, publicUrl } = installation
  if (previous === undefined) throw new NoRelease('No version is known to go back to.')
  if (!there.has(previous)) throw new NoRelease(`${repository}:${previous} is not in the registry any more.`)
  const versions = { Version: previous, PreviousVersion: NONE }
  return {
    from: version,
    to: previous,
    steps: [
      { does: 'update', versions, watched: watchedOf(installation) },
      ...takeBackOf(`${repository}:${version}`, brought),
      { does: 'ask', url: publicUrl, image: `${repository}:${previous}` },
    ],
  }
}

export function takeBackOf(image: string, migrations: string[]): Step[] {
  return migrations.length === 0 ? [] : [{ does: 'take back', image, migrations }]
}

/** A step, for people. */
export function describeStep(step: Step): string {
  switch (step.does) {
    case 'copy':
      return `copy the image ${step.from} to ${step.to}`
    case 'look':
      return `ask the database, with ${step.image}, which migrations wait, and whether the version that runs survives them`
    case 'upload':
      return `put the static files of the version into ${step.bucket}`
    case 'migrate':
      return `bring the schema up, with ${step.image}`
    case 'update':
      return `change the stack to ${step.versions.Version}, and watch ${step.watched.length} alarms`
    case 'take back':
      return `take back, with ${step.image}, where nothing is lost by it: ${step.migrations.join(', ')}`
    case 'ask':
      return `ask ${step.url} whether it shows the pages of ${step.image}`
  }
}

/** An alarm that rings already would bring back whatever comes, also what makes it stop. */
function watchedOf({ alarms }: Installation): string[] {
  return alarms.filter(({ rings }) => !rings).map(({ arn }) => arn)
}

function refuseUnderWay({ status }: Installation): void {
  if (!status.endsWith('_COMPLETE')) throw new NoRelease(`The stack is in ${status}: wait, or look why.`)
}

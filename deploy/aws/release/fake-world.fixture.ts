export const REPOSITORY = '111122223333.dkr.ecr.eu-central-1.amazonaws.com/slotkeeper-staging'

/** What an image has: the name of its pages, and its migrations with the heads of their files. */
export type FakeImage = { pages: string; migrations: Record<string, string> }

/** What there is, and how it behaves. Tests change it before they ask. */
export type World = {
  url: string
  stack: 'there' | 'missing'
  status: string
  parameters: Record<string, string>
  /** what becomes of an update */
  updates: 'complete' | 'are refused' | 'roll back' | 'get stuck' | 'never end' | 'fall silent'
  ringing: string[]
  /** by their tags, wherever they are */
  images: Record<string, FakeImage>
  /** tags that the environment's registry has */
  registry: Set<string>
  /** undefined where there is none */
  bucket: Map<string, { type: string | undefined; cache: string | undefined }> | undefined
  /** migrations in the database, oldest first */
  applied: string[]
  /** how tasks end; `users` is the container before that of the command */
  task: 'works' | 'migration fails' | 'tells nothing' | 'users fail' | 'never stops' | 'does not start'
  /** what the public name shows, where not what the stack runs */
  shown: { status: number; body: string } | undefined
  /** everything that was asked, in order: as IAM calls it, or with the arguments of docker */
  asked: string[]
  /** what was asked, in full */
  requests: { action: string; body: unknown }[]
}

/** What a service answers. */
export type Answer = { status?: number; body: unknown }

/** Version v1 runs, and v2 brings two migrations. Nothing of v2 is there yet. */
export function makeWorld(url: string): World {
  const survives = '-- Up Migration\n-- Last release: survives.\n-- Going back: loses\n-- nothing; it is new.\n'
  const first = { '0001_first': '-- Last release: there is none.\n-- Going back: loses all.\n' }
  return {
    url,
    stack: 'there',
    status: 'UPDATE_COMPLETE',
    parameters: {
      Version: 'v1',
      PreviousVersion: 'none',
      Brought: 'none',
      BootstrapVersion: '/cdk-bootstrap/x/version',
    },
    updates: 'complete',
    ringing: [],
    images: {
      v1: { pages: '1111', migrations: first },
      v2: { pages: '2222', migrations: { ...first, '0002_second': survives, '0003_third': survives } },
    },
    registry: new Set(['v1']),
    bucket: new Map(),
    applied: ['0001_first'],
    task: 'works',
    shown: undefined,
    asked: [],
    requests: [],
  }
}

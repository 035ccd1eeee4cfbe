import type { Stack } from './compose.ts'
import type { Releases } from './releases.ts'

export type Figure = { name: string; value: number; unit: string; reference: string; ratio: number }

/** What every group works on. */
export type Scene = { stack: Stack; releases: Releases; isShort: boolean; figures: Figure[] }

/** Where to roll out to. The mail server of a test is nowhere, which the doctor would refuse. */
export const placeOf = ({ project, envFile }: Stack) => ({
  ...{ project, envFile, say: () => undefined },
  despite: ['mail server'],
})

import type { Claims } from '../docker/claims.ts'
import type { Site } from './site/site.ts'

/** What a group of attacks gets. */
export type Context = {
  site: Site
  claims: Claims
  say: (line: string) => void
  /** from which all that is random comes */
  seed: number
  /** the form of a minute */
  short: boolean
}

export type Group = {
  name: string
  /** runs in the long form, or when it is named */
  isLong?: boolean
  run: (context: Context) => Promise<void>
}

import type { Change, Entry } from '../history.ts'

/** An event in the trail that an operation must have, or may have; or any number of them. */
export type Wish = { entry: Entry; change: Change; untilMs: number; isSure: boolean; isMany: boolean }

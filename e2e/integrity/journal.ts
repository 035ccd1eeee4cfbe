import type { Struck } from './faults/schedule.ts'
import type { Entry } from './history.ts'

/** What has happened so far; a run that breaks off leaves it behind. */
export type Journal = { history: Entry[]; faults: Struck[] }

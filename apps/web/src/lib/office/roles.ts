import type { Role } from './types.ts'

/** From the fewest rights to the most. */
const RANKS: readonly Role[] = ['viewer', 'provider', 'manager', 'admin', 'owner']

/** What the pages show to a role. The API has the last word on what it may do. */
export type Rights = {
  /** may change bookings and customers */
  book: boolean
  /** may change what is offered, and book times that are not */
  manage: boolean
  /** may change the settings, and read the trail of changes */
  administer: boolean
}

/** What a role may do in the back office. */
export function rightsOf(role: Role): Rights {
  const rank = RANKS.indexOf(role)
  return {
    book: rank >= RANKS.indexOf('provider'),
    manage: rank >= RANKS.indexOf('manager'),
    administer: rank >= RANKS.indexOf('admin'),
  }
}

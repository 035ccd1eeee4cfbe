import type { ListSlotsResponse } from '@slotkeeper/client'

export type { Explanation, Problem, Service } from '@slotkeeper/client'

export type Slots = ListSlotsResponse
export type Slot = Slots['days'][number]['slots'][number]

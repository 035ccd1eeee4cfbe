import type { Def0, GetOrganizationResponse, GetServiceResponse, ListSlotsResponse } from '@slotkeeper/client'

export type Organization = GetOrganizationResponse
export type Service = GetServiceResponse
export type Slots = ListSlotsResponse
export type Slot = Slots['days'][number]['slots'][number]
export type Problem = Def0
export type Alternative = NonNullable<Problem['alternatives']>[number]

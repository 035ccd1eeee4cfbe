import type {
  ExplainStartResponses,
  GetMeResponses,
  GetRequirementsResponses,
  ListApiKeysResponses,
  ListAuditEventsResponses,
  ListBookingsResponses,
  ListCustomersResponses,
  ListLocationsResponses,
  ListMessagesResponses,
  ListProvidersResponses,
  ListResourcesResponses,
  ListSchedulesResponses,
  ListServicesResponses,
  ListSlotsErrors,
  ListWishesResponses,
  PreviewImpactResponses,
} from '@slotkeeper/client'

export type Me = GetMeResponses[200]
export type Membership = Me['memberships'][number]
export type Role = Membership['role']
export type ApiKey = ListApiKeysResponses[200]['items'][number]
export type AuditEvent = ListAuditEventsResponses[200]['items'][number]
export type Booking = ListBookingsResponses[200]['items'][number]
export type Customer = ListCustomersResponses[200]['items'][number]
export type Location = ListLocationsResponses[200]['items'][number]
export type Wish = ListWishesResponses[200]['items'][number]
export type Message = ListMessagesResponses[200]['items'][number]
export type Provider = ListProvidersResponses[200]['items'][number]
export type Resource = ListResourcesResponses[200]['items'][number]
export type Schedule = ListSchedulesResponses[200]['items'][number]
export type Service = ListServicesResponses[200]['items'][number]
export type Question = Service['questions'][number]
export type ServiceLimit = Service['limits'][number]
export type Limit = Provider['limits'][number]
export type Requirements = GetRequirementsResponses[200]
export type Requirement = Requirements['segments'][number]['requirements'][number]
export type Explanation = ExplainStartResponses[200]
/** One of all the reasons that members are told. */
export type StartRefusal = NonNullable<Explanation['refusals']>[number]

/** The bookings that a change would leave without a place. */
export type Impact = PreviewImpactResponses[200]

/** What the API answers where it refuses (RFC 9457). */
export type Problem = ListSlotsErrors['4XX']
export type Alternative = NonNullable<Problem['alternatives']>[number]

/** Part of a local day, in minutes after its midnight; half-open. */
export type Window = { startMin: number; endMin: number }

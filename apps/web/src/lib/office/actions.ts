import { m } from '#lib/paraglide/messages.js'
import type { AuditEvent } from './types.ts'

/** Who has made a change. */
export const ACTORS: Record<AuditEvent['actorKind'], () => string> = {
  customer: m.office_actor_customer,
  member: m.office_actor_member,
  key: m.office_actor_key,
  system: m.office_actor_system,
}

const TEXTS: Record<string, () => string> = {
  'api_key.created': m.office_action_api_key_created,
  'api_key.revoked': m.office_action_api_key_revoked,
  'booking.created': m.office_action_booking_created,
  'booking.created_by_override': m.office_action_booking_created_by_override,
  'booking.moved': m.office_action_booking_moved,
  'booking.moved_by_override': m.office_action_booking_moved_by_override,
  'booking.cancelled': m.office_action_booking_cancelled,
  'booking.requested': m.office_action_booking_requested,
  'booking.approved': m.office_action_booking_approved,
  'booking.declined': m.office_action_booking_declined,
  'booking.lapsed': m.office_action_booking_lapsed,
  'booking.checked_in': m.office_action_booking_checked_in,
  'booking.completed': m.office_action_booking_completed,
  'booking.no_show': m.office_action_booking_no_show,
  'booking.reassigned': m.office_action_booking_reassigned,
  'booking.seats_changed': m.office_action_booking_seats_changed,
  'booking.split_off': m.office_action_booking_split_off,
  'customer.erased': m.office_action_customer_erased,
  'customer.updated': m.office_action_customer_updated,
  'location.created': m.office_action_location_created,
  'location.updated': m.office_action_location_updated,
  'message.resent': m.office_action_message_resent,
  'organization.created': m.office_action_organization_created,
  'organization.demo_filled': m.office_action_demo_filled,
  'organization.updated': m.office_action_organization_updated,
  'provider.created': m.office_action_provider_created,
  'provider.updated': m.office_action_provider_updated,
  'resource.created': m.office_action_resource_created,
  'resource.updated': m.office_action_resource_updated,
  'schedule.created': m.office_action_schedule_created,
  'schedule.updated': m.office_action_schedule_updated,
  'service.archived': m.office_action_service_archived,
  'service.created': m.office_action_service_created,
  'service.requirements_changed': m.office_action_requirements_changed,
  'service.updated': m.office_action_service_updated,
  'time_off.created': m.office_action_time_off_created,
  'time_off.deleted': m.office_action_time_off_deleted,
  'time_off.updated': m.office_action_time_off_updated,
  'wish.created': m.office_action_wish_created,
  'wish.offered': m.office_action_wish_offered,
  'wish.offer_lapsed': m.office_action_wish_offer_lapsed,
  'wish.offer_declined': m.office_action_wish_offer_declined,
  'wish.taken': m.office_action_wish_taken,
  'wish.withdrawn': m.office_action_wish_withdrawn,
  'wish.expired': m.office_action_wish_expired,
}

/** What was done; the API's own word for what is newer than these pages. */
export function actionText(action: string): string {
  return TEXTS[action]?.() ?? action
}

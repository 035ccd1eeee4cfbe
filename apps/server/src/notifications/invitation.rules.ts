import ical, { ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import { toDate } from '../shared/clock.ts'

/** What an invitation says, to one reader. */
export type Invitation = {
  bookingId: string
  /** grows with every change: the newest invitation wins */
  sequence: number
  startMs: number
  endMs: number
  summary: string
  description: string
  place: string | undefined
  url: string
  isCancelled: boolean
  organizer: { name: string; email: string }
  attendee: { name: string; email: string } | undefined
  stampMs: number
}

/** RFC 5546: REQUEST puts it into a calendar or moves it there, CANCEL takes it out, PUBLISH is a plain copy. */
export type Method = 'REQUEST' | 'CANCEL' | 'PUBLISH'

/**
 * Writes invitations as one iCalendar object. Times are in UTC, which every calendar shows in its owner's zone.
 * @param host  of this installation: with the booking's id it makes the UID, which never changes
 * @see RFC 5545 §3.8.4.7 (UID) and §3.8.7.4 (SEQUENCE)
 */
export function toICalendar(method: Method, host: string, invitations: Invitation[]): string {
  const calendar = ical({
    prodId: { company: 'Slotkeeper', product: 'Slotkeeper' },
    method: ICalCalendarMethod[method],
  })
  for (const invitation of invitations) addEvent(calendar, { method, host, invitation })
  return calendar.toString()
}

type Inviting = { method: Method; host: string; invitation: Invitation }

function addEvent(calendar: ReturnType<typeof ical>, { method, host, invitation }: Inviting): void {
  const { bookingId, sequence, startMs, endMs, summary, description, place, url, organizer, attendee } = invitation
  const event = calendar.createEvent({
    id: `${bookingId}@${host}`,
    sequence,
    stamp: toDate(invitation.stampMs),
    start: toDate(startMs),
    end: toDate(endMs),
    summary: oneLine(summary),
    description,
    location: place === undefined ? null : oneLine(place),
    url,
    organizer: { name: oneLine(organizer.name), email: organizer.email },
    status: invitation.isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  })
  if (attendee && method !== 'PUBLISH') {
    event.createAttendee({
      name: oneLine(attendee.name),
      email: attendee.email,
      status: ICalAttendeeStatus.ACCEPTED,
      rsvp: false,
    })
  }
}

function oneLine(text: string): string {
  return text.replace(/[\r\n"]+/g, ' ').trim()
}

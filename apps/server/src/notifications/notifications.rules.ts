import type { MessageFacts, MessageKind } from './facts.ts'
import { moneyText, momentText, shortText, spanText } from './format.ts'
import type { Invitation, Method } from './invitation.rules.ts'
import { fillIn, languageOf, localeOf, MAIL_TEXTS, type MailLanguage } from './texts.ts'

/** A message of the ledger, ready to be written. */
export type Message = {
  id: string
  kind: MessageKind
  audience: 'customer' | 'provider'
  recipient: string
  locale: string
  facts: MessageFacts
}

/** A mail before it has a layout. */
export type MailContent = {
  language: MailLanguage
  subject: string
  title: string
  lead: string
  rows: { label: string; value: string }[]
  action: { label: string; url: string } | undefined
  footer: string
  accent: string
}

/** Where the customer changes the booking, and where its provider decides about it. */
export type MailUrls = { manage: string; decide: string }

/** Says what happened, in the reader's language and time zone. */
export function contentOf(message: Message, urls: MailUrls): MailContent {
  const { kind, audience, facts } = message
  const language = languageOf(message.locale)
  const texts = MAIL_TEXTS[language]
  const locale = localeOf(message.locale)
  const names = {
    customer: facts.customer.name,
    provider: facts.provider.name,
    organization: facts.organization.name,
    service: facts.service.name,
    seats: new Intl.NumberFormat(locale).format(facts.seats),
    time: shortText(facts.start, facts.timeZone, locale),
  }
  const { subject, title, lead } = texts[audience][kind]
  return {
    language,
    subject: oneLine(fillIn(subject, names)) + moreText(facts, locale),
    title,
    lead: fillIn(lead, names),
    rows: rowsOf(message, texts.labels, locale),
    action: actionOf(message, urls, texts),
    footer: fillIn(texts.footer, names),
    accent: facts.organization.accent,
  }
}

type Inviting = { content: MailContent; manageUrl: string; from: string; stampMs: number }

/** The invitations that go with a message, one for each booking of which it tells. */
export function invitationsOf(message: Message, inviting: Inviting): Invitation[] {
  const { others = [] } = message.facts
  const same = others.map(({ service, provider, ...times }) => ({
    ...message,
    facts: {
      ...message.facts,
      ...times,
      service: { name: service },
      provider: { ...message.facts.provider, name: provider },
    },
  }))
  return [message, ...same].map((one) => invitationOf(one, inviting))
}

function invitationOf(message: Message, { content, manageUrl, from, stampMs }: Inviting): Invitation {
  const { facts, audience, recipient } = message
  const isProvider = audience === 'provider'
  const url = isProvider ? (facts.officeUrl ?? manageUrl) : manageUrl
  const lines = content.rows.map(({ label, value }) => `${label}: ${value}`)
  return {
    bookingId: facts.bookingId,
    sequence: facts.sequence,
    startMs: Date.parse(facts.start),
    endMs: Date.parse(facts.end),
    summary: isProvider
      ? `${facts.service.name}: ${facts.customer.name}`
      : `${facts.service.name}, ${facts.organization.name}`,
    description: [...lines, '', url].join('\n'),
    place: placeOf(facts),
    url,
    isCancelled: message.kind === 'booking.cancelled',
    organizer: { name: facts.organization.name, email: from },
    attendee: { name: isProvider ? facts.provider.name : facts.customer.name, email: recipient },
    stampMs,
  }
}

function rowsOf({ kind, audience, facts }: Message, labels: (typeof MAIL_TEXTS)['en']['labels'], locale: string) {
  const { timeZone, previousStart, cancelReason, customer, seats, priceMinor, currency } = facts
  const who = audience === 'provider' ? `${customer.name} <${customer.email}>` : undefined
  const rows = [
    { label: labels.what, value: facts.service.name },
    { label: labels.when, value: spanText(facts, timeZone, locale) },
    { label: labels.before, value: previousStart && momentText(previousStart, timeZone, locale) },
    { label: labels.also, value: othersText(facts, locale) },
    { label: labels.customer, value: who },
    { label: labels.with, value: facts.provider.name },
    { label: labels.where, value: placeOf(facts) },
    { label: labels.seats, value: seats > 1 ? new Intl.NumberFormat(locale).format(seats) : undefined },
    { label: labels.price, value: priceMinor > 0 ? moneyText(priceMinor, currency, locale) : undefined },
    { label: labels.reason, value: isOff(kind) ? cancelReason : undefined },
  ]
  return rows.flatMap(({ label, value }) => (value === undefined ? [] : [{ label, value }]))
}

/** The other times, each on a line of its own, with what is different about it. */
function othersText({ others, service, provider, timeZone }: MessageFacts, locale: string): string | undefined {
  return others
    ?.map((other) => {
      const what = other.service === service.name ? [] : [other.service]
      const who = other.provider === provider.name ? [] : [other.provider]
      return [...what, spanText(other, timeZone, locale), ...who].join(', ')
    })
    .join('\n')
}

/** How many more bookings a mail is about, for its subject. */
function moreText({ others = [] }: MessageFacts, locale: string): string {
  return others.length > 0 ? ` (+${new Intl.NumberFormat(locale).format(others.length)})` : ''
}

function actionOf({ kind, audience, facts }: Message, { manage, decide }: MailUrls, texts: (typeof MAIL_TEXTS)['en']) {
  if (audience === 'provider') {
    if (kind === 'booking.requested') return { label: texts.decide, url: decide }
    return facts.officeUrl === undefined ? undefined : { label: texts.open, url: facts.officeUrl }
  }
  return isOff(kind) ? undefined : { label: texts.change, url: manage }
}

function placeOf({ location }: MessageFacts): string | undefined {
  if (!location) return undefined
  return [location.name, location.detail].filter((part) => part !== '').join(', ')
}

function isOff(kind: MessageKind): boolean {
  return kind === 'booking.cancelled' || kind === 'booking.declined'
}

/**
 * What happens to the appointment in the reader's calendar: a request that is not granted was never in it. An invitation is
 * about one appointment (RFC 5546 §3.2.2), so several are published.
 */
export function methodOf({ kind, facts }: Pick<Message, 'kind' | 'facts'>): Method | undefined {
  if (facts.others) return 'PUBLISH'
  if (kind === 'booking.cancelled') return 'CANCEL'
  return kind === 'booking.declined' || facts.state === 'pending' ? undefined : 'REQUEST'
}

/** A line break in a name must not begin a header of its own. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ')
}

import { daysText, momentText, shortText, spanText } from './format.ts'
import type { MailContent } from './notifications.rules.ts'
import { fillIn, languageOf, localeOf, MAIL_TEXTS } from './texts.ts'
import type { WishFacts, WishMessageKind } from './wish-facts.ts'

/** A message about a wish, ready to be written. */
export type WishMessage = { kind: WishMessageKind; locale: string; facts: WishFacts }

/** Says what somebody waits for, or is offered, in their language and time zone. */
export function wishContentOf({ kind, locale: asked, facts }: WishMessage, url: string): MailContent {
  const language = languageOf(asked)
  const texts = MAIL_TEXTS[language]
  const locale = localeOf(asked)
  const { timeZone, offer } = facts
  const names = {
    customer: facts.customer.name,
    organization: facts.organization.name,
    service: facts.service.name,
    time: offer ? shortText(offer.start, timeZone, locale) : '',
    until: offer ? momentText(offer.expiresAt, timeZone, locale) : '',
  }
  const { subject, title, lead } = (facts.earlierThan === undefined ? texts.wish : texts.earlier)[kind]
  return {
    language,
    subject: fillIn(subject, names).replace(/[\r\n]+/g, ' '),
    title,
    lead: fillIn(lead, names),
    rows: rowsOf(facts, texts, locale),
    action: { label: offer ? texts.take : texts.wait, url },
    footer: fillIn(texts.footer, names),
    accent: facts.organization.accent,
  }
}

function rowsOf(facts: WishFacts, { labels, wishLabels }: (typeof MAIL_TEXTS)['en'], locale: string) {
  const { timeZone, offer, earlierThan, providers, from, until } = facts
  const who = offer ? offer.provider : new Intl.ListFormat(locale, { type: 'disjunction' }).format(providers)
  const rows = [
    { label: labels.what, value: facts.service.name },
    { label: labels.when, value: offer && spanText(offer, timeZone, locale) },
    { label: wishLabels.days, value: offer ? undefined : daysText(from, until, locale) },
    { label: labels.before, value: earlierThan && momentText(earlierThan, timeZone, locale) },
    { label: labels.with, value: who === '' ? undefined : who },
    { label: wishLabels.until, value: offer && momentText(offer.expiresAt, timeZone, locale) },
  ]
  return rows.flatMap(({ label, value }) => (value === undefined ? [] : [{ label, value }]))
}

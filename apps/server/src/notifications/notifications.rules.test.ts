import { describe, expect, test } from 'vitest'
import { toICalendar } from './invitation.rules.ts'
import { toHtml, toPlainText } from './layout.ts'
import { contentOf, invitationsOf, methodOf, type Message } from './notifications.rules.ts'
import { languageOf, localeOf, MAIL_TEXTS } from './texts.ts'

const MANAGE_URL = 'https://book.example.com/booking/1?token=abc'

function message(more: Partial<Message> = {}, facts: Partial<Message['facts']> = {}): Message {
  return {
    id: '019cad8f-ac00-7a53-9117-d26f1f7dc0b8',
    kind: 'booking.confirmation',
    audience: 'customer',
    recipient: 'grace@example.com',
    locale: 'en-GB',
    facts: {
      bookingId: '019cad8f-ac00-790e-a79d-d730e1a579c1',
      ...{ sequence: 2, linkVersion: 1, state: 'confirmed', seats: 1, priceMinor: 4500, currency: 'EUR' },
      ...{ start: '2026-03-30T07:30:00Z', end: '2026-03-30T08:15:00Z', timeZone: 'Europe/Berlin' },
      organization: { name: 'The Practice', slug: 'practice', accent: '#2f6f5e' },
      service: { name: 'Consultation' },
      provider: { name: 'Ada Lovelace', email: 'ada@example.com' },
      customer: { name: 'Grace Hopper', email: 'grace@example.com' },
      location: { kind: 'address', name: 'House', detail: 'Am Kastanienhof 4' },
      ...facts,
    },
    ...more,
  }
}

const mailOf = async (of: Message) => {
  const content = contentOf(of, { manage: MANAGE_URL, decide: 'https://book.example.com/decide' })
  return { content, html: await toHtml(content), text: toPlainText(content) }
}

describe('a mail', () => {
  test('says what, when, where and with whom, in the reader’s own zone, and how to change it', async () => {
    const { content, html, text } = await mailOf(message())
    expect(content.subject).toMatch(/^Booked: Consultation, Mon,? 30 Mar,? (?:at )?0?9:30$/)
    for (const part of ['Monday', '30 March 2026', '09:30', '10:15', 'Central European Summer Time', 'Ada Lovelace'])
      expect(text).toContain(part)
    for (const part of ['House, Am Kastanienhof 4', '€45.00', MANAGE_URL]) expect(text).toContain(part)
    expect(html).toContain('Your appointment is booked')
  })

  test('to the provider names the customer and leads to the back office, not to the customer’s link', async () => {
    const officeUrl = 'https://book.example.com/app/practice/bookings/1'
    const { content, text } = await mailOf(
      message({ audience: 'provider', recipient: 'ada@example.com' }, { officeUrl }),
    )
    expect(content.subject).toContain('Grace Hopper')
    expect(text).toContain(officeUrl)
    expect(text).not.toContain(MANAGE_URL)
  })

  test('about a cancelled appointment gives the reason and offers no change', async () => {
    const { text } = await mailOf(message({ kind: 'booking.cancelled' }, { cancelReason: 'The practice is closed.' }))
    expect(text).toContain('The practice is closed.')
    expect(text).not.toContain(MANAGE_URL)
  })

  test('shows HTML in names as text, and no line break begins a header', async () => {
    const { content, html } = await mailOf(
      message(
        {},
        {
          customer: { name: '<script>alert(1)</script>\r\nBcc: all@example.com', email: 'grace@example.com' },
          service: { name: 'Cut\r\nBcc: all@example.com' },
        },
      ),
    )
    expect(html).not.toContain('<script>')
    expect(content.subject).not.toMatch(/[\r\n]/)
  })

  test.each(['en', 'de', 'es', 'fr', 'ar'])('can be read in %s, and nothing is left to fill in', async (locale) => {
    for (const kind of ['booking.confirmation', 'booking.rescheduled', 'booking.cancelled'] as const) {
      for (const audience of ['customer', 'provider'] as const) {
        const { content, html, text } = await mailOf(message({ kind, audience, locale }))
        expect(text + content.subject).not.toMatch(/[{}]|undefined/)
        expect(html).toContain(`lang="${locale}"`)
        expect(html).toContain(locale === 'ar' ? 'dir="rtl"' : 'dir="ltr"')
      }
    }
  })

  test('every language says something of its own', () => {
    const titles = Object.values(MAIL_TEXTS).map((texts) => texts.customer['booking.confirmation'].title)
    expect(new Set(titles).size).toBe(titles.length)
    expect(['de-AT', 'pt-BR', 'AR'].map(languageOf)).toEqual(['de', 'en', 'ar'])
  })

  test.each([
    ['de-AT', 'de-AT'],
    ['ar-EG', 'ar-EG'],
    ['pt-BR', 'en'],
    ['en-12', 'en'],
    ['fr-aa-aa-aa', 'fr'],
    ['arn', 'en'],
  ])(
    'writes times for %s as in %s: one language in a mail, and nothing that keeps it from going out',
    async (asked, used) => {
      expect(localeOf(asked)).toBe(used)
      expect((await mailOf(message({ locale: asked }))).text).toBe((await mailOf(message({ locale: used }))).text)
    },
  )

  const two = {
    bookingId: '019cad8f-ac00-790e-a79d-d730e1a579c2',
    ...{ sequence: 0, start: '2026-04-06T07:30:00Z', end: '2026-04-06T08:15:00Z' },
    ...{ service: 'Colour', provider: 'Ben' },
  }

  test('about several bookings names all their times, and what is different about them', async () => {
    const { content, text, html } = await mailOf(
      message({ kind: 'booking.confirmation' }, { others: [two, { ...two, service: message().facts.service.name }] }),
    )
    expect(content.subject).toMatch(/ \(\+2\)$/)
    expect(text).toMatch(/Also: Colour, Monday, 6 April 2026.*, Ben\n {2}Monday, 6 April 2026.*, Ben\n/)
    expect(html).toMatch(/, Ben<br \/>Monday/)
  })

  test('says the price of the booking, not of its seats times its seats', async () => {
    expect((await mailOf(message({}, { priceMinor: 9000, seats: 2 }))).text).toContain('€90.00')
  })

  test('writes amounts in currencies with none and with three decimals', async () => {
    expect((await mailOf(message({}, { priceMinor: 5000, currency: 'JPY' }))).text).toContain('5,000')
    expect((await mailOf(message({}, { priceMinor: 5000, currency: 'KWD' }))).text).toContain('5.000')
  })
})

describe('an invitation', () => {
  const icsOf = (of: Message, method: 'REQUEST' | 'CANCEL' | 'PUBLISH') => {
    const content = contentOf(of, { manage: MANAGE_URL, decide: 'https://book.example.com/decide' })
    const asked = { content, manageUrl: MANAGE_URL, from: 'bookings@example.com', stampMs: Date.UTC(2026, 2, 1) }
    const text = toICalendar(method, 'book.example.com', invitationsOf(of, asked))
    return { text, unfolded: text.replace(/\r\n[ \t]/g, '') }
  }

  test('has one UID for good, a growing sequence, and times in UTC', () => {
    const { unfolded } = icsOf(message(), 'REQUEST')
    for (const line of [
      'METHOD:REQUEST',
      'UID:019cad8f-ac00-790e-a79d-d730e1a579c1@book.example.com',
      'SEQUENCE:2',
      'DTSTART:20260330T073000Z',
      'DTEND:20260330T081500Z',
      'STATUS:CONFIRMED',
    ])
      expect(unfolded).toContain(`${line}\r\n`)
    expect(unfolded).toMatch(/ATTENDEE;.*(?:mailto|MAILTO):grace@example\.com/)
    expect(unfolded).toMatch(/ORGANIZER;CN="The Practice":mailto:bookings@example\.com/)
  })

  test('for several bookings publishes one event for each, under its own UID', () => {
    const other = {
      bookingId: '019cad8f-ac00-790e-a79d-d730e1a579c2',
      ...{ sequence: 4, start: '2026-04-06T07:30:00Z', end: '2026-04-06T08:15:00Z' },
      ...{ service: 'Colour', provider: 'Ben' },
    }
    const of = message({}, { others: [other] })
    expect(methodOf(of)).toBe('PUBLISH')
    const { unfolded } = icsOf(of, 'PUBLISH')
    expect(unfolded.match(/^UID:.*$/gm)).toEqual([
      'UID:019cad8f-ac00-790e-a79d-d730e1a579c1@book.example.com',
      'UID:019cad8f-ac00-790e-a79d-d730e1a579c2@book.example.com',
    ])
    expect(unfolded).toContain('SEQUENCE:4\r\n')
    expect(unfolded).toContain('DTSTART:20260406T073000Z\r\n')
    expect(unfolded).not.toContain('ATTENDEE')
  })

  test('takes the appointment out again when it is cancelled', () => {
    const { unfolded } = icsOf(message({ kind: 'booking.cancelled' }), 'CANCEL')
    expect(unfolded).toContain('METHOD:CANCEL\r\n')
    expect(unfolded).toContain('STATUS:CANCELLED\r\n')
  })

  test('keeps what people typed from becoming properties, and folds long lines (RFC 5545 §3.1, §3.3.11)', () => {
    const name = 'Cut, wash; dry\r\nATTENDEE:mailto:all@example.com "quoted"'
    const { text, unfolded } = icsOf(message({}, { service: { name } }), 'REQUEST')
    expect(unfolded).not.toMatch(/^ATTENDEE:mailto:all/m)
    expect(unfolded).toContain('Cut\\, wash\\; dry')
    expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true)
  })
})

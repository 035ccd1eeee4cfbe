import { describe, expect, test } from 'vitest'
import { toHtml, toPlainText } from './layout.ts'
import { MAIL_TEXTS } from './texts.ts'
import type { WishFacts } from './wish-facts.ts'
import { wishContentOf } from './wish-mails.rules.ts'

const URL = 'https://book.example.com/wish/1?token=abc'

const FACTS: WishFacts = {
  wishId: '019cad8f-ac00-7a53-9117-d26f1f7dc0b8',
  timeZone: 'Europe/Berlin',
  organization: { name: 'The Practice', slug: 'practice', accent: '#2f6f5e' },
  service: { name: 'Consultation' },
  customer: { name: 'Grace Hopper' },
  providers: ['Ada', 'Ben'],
  ...{ from: '2026-03-30', until: '2026-04-10' },
}

const OFFER = {
  ...{ start: '2026-03-30T07:30:00Z', end: '2026-03-30T08:15:00Z', provider: 'Ben' },
  expiresAt: '2026-03-29T15:30:00Z',
}

describe('a mail to somebody who waits', () => {
  test('says for what, and leads to the page of the wish', () => {
    const content = wishContentOf({ kind: 'wish.received', locale: 'en-GB', facts: FACTS }, URL)
    const text = toPlainText(content)
    for (const part of ['Consultation', '30 March', '10 April 2026', 'Ada or Ben', 'See or withdraw', URL])
      expect(text).toContain(part)
    expect(text).not.toContain('{')
  })

  test('offers a time in their zone and says until when it is kept', () => {
    const facts = { ...FACTS, offer: OFFER }
    const content = wishContentOf({ kind: 'wish.offered', locale: 'en-GB', facts }, URL)
    const text = toPlainText(content)
    expect(content.subject).toMatch(/^Free for you: Consultation, Mon,? 30 Mar,? (?:at )?0?9:30$/)
    for (const part of ['Monday', '09:30', '10:15', 'Sunday', '17:30', 'Ben', URL]) expect(text).toContain(part)
    expect(text).not.toContain('Ada')
  })

  test('says what they have, when they asked for an earlier time', () => {
    const facts = { ...FACTS, offer: OFFER, earlierThan: '2026-04-10T08:00:00Z' }
    const text = toPlainText(wishContentOf({ kind: 'wish.offered', locale: 'en-GB', facts }, URL))
    expect(text).toContain('Before: Friday')
    expect(text).toContain('your appointment moves')
  })

  test.each(Object.keys(MAIL_TEXTS))('is whole in the language %s', async (locale) => {
    for (const kind of ['wish.received', 'wish.offered'] as const)
      for (const earlierThan of [undefined, '2026-04-10T08:00:00Z']) {
        const facts = {
          ...FACTS,
          ...(kind === 'wish.offered' && { offer: OFFER }),
          ...(earlierThan && { earlierThan }),
        }
        const content = wishContentOf({ kind, locale, facts }, URL)
        expect(content.language).toBe(locale)
        expect(toPlainText(content)).not.toMatch(/[{}]|undefined/)
        expect(await toHtml(content)).toContain('token=abc')
      }
  })
})

import { expect, test } from 'vitest'
import { regionalLocale } from './locale.ts'

test('dates are written in the reader’s own variant of the page’s language', () => {
  expect(regionalLocale('en', 'de-DE,de;q=0.9,en-GB;q=0.8,en;q=0.7')).toBe('en-GB')
})

test('without a variant of the page’s language, the language itself decides', () => {
  expect(regionalLocale('fr', 'en-GB,en')).toBe('fr')
  expect(regionalLocale('fr', null)).toBe('fr')
})

test('what is no language is left aside', () => {
  expect(regionalLocale('en', 'en-!!,en-US-x-*,*')).toBe('en')
})

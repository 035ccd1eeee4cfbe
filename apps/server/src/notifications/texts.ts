import { ar } from './texts/ar.ts'
import { de } from './texts/de.ts'
import { en } from './texts/en.ts'
import { es } from './texts/es.ts'
import { fr } from './texts/fr.ts'

export const MAIL_TEXTS = { en, de, es, fr, ar }

export type MailLanguage = keyof typeof MAIL_TEXTS

const LANGUAGES = ['en', 'de', 'es', 'fr', 'ar'] as const

/** The language of a mail for a reader's locale; English where we do not speak theirs. */
export function languageOf(locale: string): MailLanguage {
  const [language] = locale.toLowerCase().split('-')
  return LANGUAGES.find((one) => one === language) ?? 'en'
}

/** How the mail writes times and amounts: as the reader's region does, as long as it is in the language of the mail. */
export function localeOf(locale: string): string {
  const language = languageOf(locale)
  // Browsers may send what looks like a locale and is none, such as en-12.
  return isLocale(locale) && new Intl.Locale(locale).language === language ? locale : language
}

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Fills in what stands in braces. */
export function fillIn(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

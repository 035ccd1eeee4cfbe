import type { Config } from '../config/config.ts'
import { toHtml, toPlainText } from './layout.ts'
import { MailRefused, type Mailer } from './mailer.ts'
import type { MailContent } from './notifications.rules.ts'
import { fillIn, languageOf, MAIL_TEXTS } from './texts.ts'
import type { MailTexts } from './texts/mail-texts.ts'

export type AccountMailDeps = { mailer: Mailer; config: Pick<Config, 'publicUrl'> }

/** A mail to somebody who has, or is to have, an account: of no business, so that no ledger has it. */
export type AccountMail = {
  /** the same whenever it is tried again, so that whoever gets it twice sees it once */
  id: string
  kind: keyof MailTexts['account']
  recipient: string
  locale: string
  /** where it leads */
  url: string
}

const FROM = 'Slotkeeper'
/** The colour of a business that has chosen none. */
const ACCENT = '#2f6f5e'

/**
 * Sends a mail about an account. An address that the mail server refuses for good has nobody to be told.
 * @throws when it is to be tried again later
 */
export async function sendAccountMail({ mailer, config }: AccountMailDeps, mail: AccountMail): Promise<void> {
  const { host, hostname } = new URL(config.publicUrl)
  const content = contentOf(mail, host)
  const { subject, language } = content
  const sent = mailer.send({
    ...{ messageId: `<${mail.id}@${hostname}>`, fromName: FROM, to: { name: '', address: mail.recipient } },
    ...{ subject, language, html: await toHtml(content), text: toPlainText(content) },
  })
  await sent.catch((error: unknown) => {
    if (!(error instanceof MailRefused)) throw error
  })
}

function contentOf({ kind, locale, url }: AccountMail, site: string): MailContent {
  const language = languageOf(locale)
  const { account, footer } = MAIL_TEXTS[language]
  const { subject, title, lead, action } = account[kind]
  return {
    ...{ language, title, rows: [], accent: ACCENT },
    subject: fillIn(subject, { site }),
    lead: fillIn(lead, { site }),
    action: { label: action, url },
    footer: fillIn(footer, { organization: site }),
  }
}

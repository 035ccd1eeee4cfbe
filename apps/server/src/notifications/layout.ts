import mjml2html from 'mjml'
import type { MailContent } from './notifications.rules.ts'

/** The mail as HTML: one card, with the accent of the business, in light and dark. */
export async function toHtml(content: MailContent): Promise<string> {
  const { html, errors } = await mjml2html(toMjml(content), { validationLevel: 'strict', keepComments: false })
  if (errors.length > 0)
    throw new Error(`The layout of mails is wrong: ${errors.map(({ message }) => message).join(', ')}`)
  return html
}

/** The mail for those who read plain text. */
export function toPlainText({ title, lead, rows, action, footer }: MailContent): string {
  const facts = rows.map(({ label, value }) => `${label}: ${value.replaceAll('\n', '\n  ')}`)
  const link = action ? ['', `${action.label}:`, action.url] : []
  return [title, '', lead, '', ...facts, ...link, '', '--', footer, ''].join('\n')
}

function toMjml({ language, title, lead, rows, action, footer, accent }: MailContent): string {
  const start = language === 'ar' ? 'right' : 'left'
  const table = rows
    .map(
      ({ label, value }) =>
        `<tr><td class="label" style="padding:6px 0;color:#555b56;vertical-align:top;width:30%">${escape(label)}</td>` +
        `<td class="text" style="padding:6px 8px;font-weight:600">${escape(value).replaceAll('\n', '<br />')}</td></tr>`,
    )
    .join('')
  const button = action
    ? `<mj-button href="${escape(action.url)}" background-color="${escape(accent)}" color="${inkOn(accent)}" align="${start}"
        border-radius="8px" font-size="16px" font-weight="600" inner-padding="14px 22px">${escape(action.label)}</mj-button>`
    : ''
  return `
<mjml lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
  <mj-head>
    <mj-title>${escape(title)}</mj-title>
    <mj-preview>${escape(lead)}</mj-preview>
    <mj-attributes>
      <mj-all font-family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif" />
      <mj-text font-size="16px" line-height="1.5" color="#1b1f1d" align="${start}" css-class="text" />
    </mj-attributes>
    <mj-style>
      :root { color-scheme: light dark; supported-color-schemes: light dark; }
      @media (prefers-color-scheme: dark) {
        body, .page { background-color: #121513 !important; }
        .card, .card > table { background: #1a1e1c !important; }
        .text, .text div, td.text { color: #edf1ee !important; }
        td.label, .quiet div { color: #a9b1ac !important; }
      }
    </mj-style>
  </mj-head>
  <mj-body background-color="#f6f6f2" width="560px" css-class="page">
    <mj-section padding="24px 12px 0"><mj-column padding="0"></mj-column></mj-section>
    <mj-section background-color="#ffffff" border-radius="12px" border-top="6px solid ${escape(accent)}" padding="20px 12px" css-class="card" text-align="${start}">
      <mj-column>
        <mj-text font-size="24px" font-weight="700" line-height="1.25">${escape(title)}</mj-text>
        <mj-text>${escape(lead)}</mj-text>
        <mj-table font-size="16px" line-height="1.5" color="#1b1f1d" align="${start}">${table}</mj-table>
        ${button}
      </mj-column>
    </mj-section>
    <mj-section padding="8px 12px 32px"><mj-column>
      <mj-text font-size="13px" color="#555b56" css-class="quiet">${escape(footer)}</mj-text>
    </mj-column></mj-section>
  </mj-body>
</mjml>`
}

/** Black or white, whichever contrasts more with the colour (WCAG 2.2 relative luminance). */
function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff'
}

/** Names and answers come from strangers: in HTML they are text. */
function escape(text: string): string {
  return text.replace(/[&<>"'{}]/g, (sign) => `&#${String(sign.charCodeAt(0))};`)
}

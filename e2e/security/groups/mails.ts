import { setTimeout as sleep } from 'node:timers/promises'
import type { Context, Group } from '../group.ts'
import { ask } from '../site/ask.ts'
import { readInbox, readSource, type InboxMail } from '../site/mails.ts'
import { createTenants, type Tenant } from '../site/tenants.ts'

const EVIL = 'evil.example'
const WAIT_MS = 60_000

/** Names that try to become something else: a header, a line of a calendar, markup, a formula. */
const NAMES: Record<string, string> = {
  'a header': `Eve\r\nBcc: victim@${EVIL}\r\nX-Evil: 1`,
  'a line feed': `Eve\nBcc: victim@${EVIL}`,
  'an encoded header': `=?utf-8?q?Eve=0D=0ABcc:_victim=40${EVIL}?=`,
  'another recipient': `victim@${EVIL}, Eve <eve@${EVIL}>`,
  'a line of a calendar': 'Eve\r\nATTENDEE:mailto:victim@evil.example\r\nEND:VEVENT',
  'a parameter of a calendar': 'Eve";CN=x:mailto:victim@evil.example;X="',
  markup: '<img src=x onerror=alert(1)><a href="https://evil.example">here</a>',
  'a formula': '=HYPERLINK("https://evil.example";"here")',
  'a placeholder': '{customer} ${7*7} {{7*7}} %s',
}

/** Words of strangers in what is sent out: none becomes a header, a recipient, a property or markup. */
export const mails: Group = {
  name: 'mails',
  run: async (context) => {
    const { ours } = await createTenants(context.site, `mails${String(context.seed)}`)
    let index = 0
    for (const [what, name] of Object.entries(NAMES)) await tryName(context, ours, { what, name, index: (index += 1) })
    await tryAddresses(context, ours)
    await tryHost(context, ours)
  },
}

type Trial = { what: string; name: string; index: number }

async function tryName({ site, claims }: Context, ours: Tenant, { what, name, index }: Trial): Promise<void> {
  const address = `name${String(index)}@example.com`
  const { status, text } = await book(site.url, ours, { customer: { name, email: address }, index })
  if (status === 400) {
    claims.check(`${what} as a name: refused`, text.includes('customer.name'), text)
    return
  }
  const mail = status === 201 ? await mailTo(site, address) : undefined
  const { booking, token } = status === 201 ? (JSON.parse(text) as Booked) : NOTHING
  const path = `/api/v1/bookings/${booking.id}/calendar.ics?token=${token}`
  const calendar = await ask(site.url, { method: 'GET', path })
  const faults = [
    ...(mail ? faultsOfMail(mail, await readSource(site, mail)) : [`no mail came (${String(status)})`]),
    ...faultsOfCalendar(calendar.text),
  ]
  claims.check(`${what} as a name stays a name`, faults.length === 0, faults.join('; '))
}

type Booked = { booking: { id: string }; token: string }

function faultsOfMail({ to, html = '' }: InboxMail, source: string): string[] {
  const [head = ''] = source.split(/\r?\n\r?\n/)
  const unfolded = head.replaceAll(/\r?\n[ \t]+/g, ' ')
  return [
    ...(/^(?:Bcc|X-Evil):/im.test(unfolded) || to.length !== 1 ? [`it became a header or a recipient: ${head}`] : []),
    ...(/<img src=x|<a href="https:\/\/evil/.test(html) ? ['it became markup'] : []),
  ]
}

function faultsOfCalendar(text: string): string[] {
  const lines = text.split('\r\n')
  const isProperty = lines.some((line) => /^(?:ATTENDEE:|BCC|X=)/i.test(line))
  const isOne = lines.filter((line) => line === 'END:VEVENT').length === 1
  return isProperty || !isOne ? ['it became a property of the calendar'] : []
}

const NOTHING: Booked = { booking: { id: '-' }, token: '-' }

type Booking = { customer: object; index: number; headers?: Record<string, string> }

function book(url: string, { business, starts }: Tenant, { customer, index, headers = {} }: Booking) {
  const start = starts[starts.length - index * 2] ?? ''
  return ask(url, {
    ...{ method: 'POST', path: `/api/v1/organizations/${business.slug}/bookings` },
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ service: 'cut', start, customer }),
  })
}

async function mailTo(site: Context['site'], address: string): Promise<InboxMail | undefined> {
  const deadlineMs = performance.now() + WAIT_MS
  while (performance.now() < deadlineMs) {
    const found = (await readInbox(site)).find(({ to }) => to.some((person) => person.address === address))
    if (found) return found
    await sleep(200)
  }
  return undefined
}

const ADDRESSES = [
  ...['a@example.com\r\nBcc: b@evil.example', 'a@example.com,b@evil.example', 'a@example.com>, <b@evil.example'],
  ...['"a\r\nBcc: b@evil.example"@example.com', 'a@example.com\0', '<a@example.com>', 'a b@example.com'],
]

async function tryAddresses({ site, claims }: Context, ours: Tenant): Promise<void> {
  const taken: string[] = []
  for (const email of ADDRESSES) {
    const { status } = await book(site.url, ours, { customer: { name: 'Eve', email }, index: 30 })
    if (status !== 400) taken.push(`${JSON.stringify(email)}: ${String(status)}`)
  }
  claims.check('what is more than an address is taken for none', taken.length === 0, taken.join(', '))
}

/** Links in mails lead to the installation, whatever host the request came for. */
async function tryHost({ site, claims }: Context, ours: Tenant): Promise<void> {
  const email = 'host@example.com'
  const hosts = { host: EVIL, 'x-forwarded-host': EVIL, origin: `https://${EVIL}` }
  const { status, text } = await book(site.url, ours, { customer: { name: 'Eve', email }, index: 12, headers: hosts })
  const mail = status === 201 ? await mailTo(site, email) : undefined
  const told = `${text} ${mail?.text ?? ''} ${mail?.html ?? ''}`
  claims.check(
    'no mail leads to a host that a request names',
    mail !== undefined && !told.includes(EVIL),
    told.slice(0, 400),
  )
}

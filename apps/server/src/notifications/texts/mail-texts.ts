import type { MessageKind } from '../facts.ts'

type Heading = { subject: string; title: string; lead: string }

/** Everything that mails say. `{name}` stands for what is filled in. */
export type MailTexts = {
  customer: Record<MessageKind, Heading>
  provider: Record<MessageKind, Heading>
  labels: Record<'what' | 'when' | 'before' | 'with' | 'where' | 'price' | 'seats' | 'customer' | 'reason', string>
  change: string
  open: string
  decide: string
  footer: string
}

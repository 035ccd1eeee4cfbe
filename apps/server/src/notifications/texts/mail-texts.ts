import type { MessageKind } from '../facts.ts'
import type { WishMessageKind } from '../wish-facts.ts'

type Heading = { subject: string; title: string; lead: string }

/** Everything that mails say. `{name}` stands for what is filled in. */
export type MailTexts = {
  customer: Record<MessageKind, Heading>
  provider: Record<MessageKind, Heading>
  /** To those who wait for a time: any, and an earlier one than they have. */
  wish: Record<WishMessageKind, Heading>
  earlier: Record<WishMessageKind, Heading>
  /** To an address for which somebody wants an account: how it is made, or that it has one. */
  account: Record<'account.link' | 'account.known', Heading & { action: string }>
  labels: Record<
    'what' | 'when' | 'before' | 'also' | 'with' | 'where' | 'price' | 'seats' | 'customer' | 'reason',
    string
  >
  wishLabels: Record<'days' | 'until', string>
  /** To the page of the wish, from either mail. */
  wait: string
  take: string
  change: string
  open: string
  decide: string
  footer: string
}

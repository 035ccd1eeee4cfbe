import { Type, type Static } from 'typebox'
import { closed, described, Instant, PageQuery, Uuid } from '../shared/schemas.ts'

export const MessageState = Type.Union([Type.Literal('queued'), Type.Literal('sent'), Type.Literal('failed')])

export const MessageView = Type.Object(
  {
    id: Uuid,
    bookingId: Type.Union([Uuid, Type.Null()]),
    wishId: Type.Union([Uuid, Type.Null()], { description: 'The wish on the waiting list that it tells of.' }),
    kind: Type.String(),
    channel: Type.Literal('email'),
    audience: Type.Union([Type.Literal('customer'), Type.Literal('provider')]),
    recipient: Type.String(),
    locale: Type.String(),
    state: MessageState,
    attempts: Type.Integer(),
    lastError: Type.Union([Type.String(), Type.Null()]),
    createdAt: Instant,
    sentAt: Type.Union([Instant, Type.Null()]),
    erased: Type.Boolean({
      description: 'Nothing is left of what it said: the customer was erased, or it is more than 400 days ago.',
    }),
  },
  { ...closed, $id: 'Message', title: 'Message' },
)
export type MessageView = Static<typeof MessageView>

export const MessageQuery = Type.Object(
  {
    state: Type.Optional(described(MessageState, 'Only messages in this state.')),
    booking: Type.Optional(described(Uuid, 'Only messages of this booking.')),
    ...PageQuery,
  },
  closed,
)
export type MessageQuery = Static<typeof MessageQuery>

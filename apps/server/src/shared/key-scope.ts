import { Type, type Static } from 'typebox'

/** What a key lets a program do. */
export const KeyScope = Type.Union([Type.Literal('read'), Type.Literal('bookings:write'), Type.Literal('setup:write')])
export type KeyScope = Static<typeof KeyScope>

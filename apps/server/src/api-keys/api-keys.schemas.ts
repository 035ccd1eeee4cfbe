import { Type, type Static } from 'typebox'
import { KeyScope } from '../shared/key-scope.ts'
import { closed, Instant, Name, PageQuery, Uuid } from '../shared/schemas.ts'

const DAYS_MAX = 365

const view = {
  id: Uuid,
  name: Name,
  hint: Type.String({ description: 'How the key begins, to tell it from others.' }),
  scopes: Type.Array(KeyScope),
  createdBy: Uuid,
  createdAt: Instant,
  expiresAt: Instant,
  lastUsedAt: Type.Union([Instant, Type.Null()]),
  revokedAt: Type.Union([Instant, Type.Null()]),
}

export const ApiKeyView = Type.Object(view, { ...closed, $id: 'ApiKey', title: 'ApiKey' })
export type ApiKeyView = Static<typeof ApiKeyView>

export const ApiKeyCreated = Type.Object(
  {
    ...view,
    key: Type.Optional(
      Type.String({
        description: 'The key itself. It is told once: an answer that is repeated under its Idempotency-Key has none.',
      }),
    ),
  },
  { ...closed, $id: 'ApiKeyCreated', title: 'ApiKeyCreated' },
)
export type ApiKeyCreated = Static<typeof ApiKeyCreated>

export const ApiKeyCreate = Type.Object(
  {
    name: Name,
    scopes: Type.Array(KeyScope, { minItems: 1, maxItems: 3, uniqueItems: true }),
    days: Type.Integer({ minimum: 1, maximum: DAYS_MAX, description: 'For how many days it is good.' }),
  },
  closed,
)
export type ApiKeyCreate = Static<typeof ApiKeyCreate>

export const ApiKeyQuery = Type.Object(PageQuery, closed)
export type ApiKeyQuery = Static<typeof ApiKeyQuery>

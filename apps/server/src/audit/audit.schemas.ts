import { Type, type Static } from 'typebox'
import { closed, described, Instant, PageQuery, Uuid } from '../shared/schemas.ts'

/** An event as it was written down, and as the export has it. */
export const TrailEvent = Type.Object(
  {
    id: Uuid,
    at: Instant,
    actorKind: Type.Union([
      Type.Literal('customer'),
      Type.Literal('member'),
      Type.Literal('key'),
      Type.Literal('system'),
    ]),
    actorId: Type.Union([Uuid, Type.Null()]),
    action: Type.String(),
    entity: Type.String(),
    entityId: Uuid,
    detail: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
)

export const AuditEventView = Type.Object(
  {
    ...TrailEvent.properties,
    actorName: described(
      Type.Union([Type.String(), Type.Null()]),
      'What the one who made the change is called now; null where nobody is known by a name any more.',
    ),
  },
  { ...closed, $id: 'AuditEvent', title: 'AuditEvent' },
)
export type TrailEvent = Static<typeof TrailEvent>
export type AuditEventView = Static<typeof AuditEventView>

export const AuditRange = Type.Object(
  {
    from: Type.Optional(described(Instant, 'From the first change at this moment or later on.')),
    to: Type.Optional(described(Instant, 'To the last change before this moment.')),
  },
  closed,
)

export const AuditQuery = Type.Object(
  {
    entity: Type.Optional(
      Type.String({ maxLength: 40, description: 'Only changes to this kind of thing, such as booking.' }),
    ),
    entityId: Type.Optional(described(Uuid, 'Only changes to this one.')),
    ...PageQuery,
  },
  closed,
)
export type AuditQuery = Static<typeof AuditQuery>

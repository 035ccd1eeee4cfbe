import { Type, type Static } from 'typebox'
import { closed, Colour, Currency, Locale, Name, Slug, TimeZone, Uuid } from '../shared/schemas.ts'
import { Role } from '../shared/role.ts'

export const OrganizationView = Type.Object(
  {
    id: Uuid,
    slug: Slug,
    name: Name,
    description: Type.String(),
    timeZone: TimeZone,
    locale: Locale,
    currency: Currency,
    accent: Colour,
  },
  { ...closed, $id: 'Organization', title: 'Organization' },
)
export type OrganizationView = Static<typeof OrganizationView>

export const OrganizationCreate = Type.Object(
  {
    slug: Slug,
    name: Name,
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    timeZone: TimeZone,
    locale: Locale,
    currency: Currency,
    accent: Type.Optional(Colour),
  },
  closed,
)
export type OrganizationCreate = Static<typeof OrganizationCreate>

export const OrganizationPatch = Type.Partial(Type.Omit(OrganizationCreate, ['slug']), { ...closed, minProperties: 1 })
export type OrganizationPatch = Static<typeof OrganizationPatch>

/** The signed-in person and where they belong. */
export const MeView = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    email: Type.String(),
    memberships: Type.Array(
      Type.Object({ organization: Slug, name: Name, role: Role, providerId: Type.Optional(Uuid) }, closed),
    ),
  },
  { ...closed, $id: 'Me', title: 'Me' },
)
export type MeView = Static<typeof MeView>

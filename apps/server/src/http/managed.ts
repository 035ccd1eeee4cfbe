import { Type, type TSchema } from 'typebox'
import {
  closed,
  EntityParams,
  IdempotencyHeaders,
  OrganizationParams,
  pageOf,
  PageQuery,
  problemResponses,
} from '../shared/schemas.ts'

type Managed<View extends TSchema, Create extends TSchema, Patch extends TSchema> = {
  /** what one of them is called, such as Location; its plural is the tag */
  name: string
  view: View
  create: Create
  patch: Patch
}

/** What every list that members manage says of itself: read a page of it, add to it, change one. */
export function managed<View extends TSchema, Create extends TSchema, Patch extends TSchema>({
  name,
  view,
  create,
  patch,
}: Managed<View, Create, Patch>) {
  const common = { tags: [`${name}s`], security: [{ session: [] }] }
  const noun = name.toLowerCase()
  return {
    common,
    list: {
      ...{ ...common, operationId: `list${name}s`, summary: `List ${noun}s` },
      params: OrganizationParams,
      querystring: Type.Object(PageQuery, closed),
      response: { 200: pageOf(view), ...problemResponses },
    },
    create: {
      ...{ ...common, operationId: `create${name}`, summary: `Add a ${noun}` },
      params: OrganizationParams,
      headers: IdempotencyHeaders,
      body: create,
      response: { 201: view, ...problemResponses },
    },
    update: {
      ...{ ...common, operationId: `update${name}`, summary: `Change a ${noun}` },
      params: EntityParams,
      body: patch,
      response: { 200: view, ...problemResponses },
    },
  }
}

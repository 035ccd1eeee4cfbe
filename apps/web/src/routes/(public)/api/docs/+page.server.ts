import { error } from '@sveltejs/kit'
import { readDocument } from '#lib/docs/document.ts'
import { publicUrl } from '#lib/site.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async () => {
  const context = globalThis.__slotkeeper?.getStore()
  const answer = await context?.fetch(new Request('http://internal/api/openapi.json'))
  if (!answer?.ok) error(503, 'The OpenAPI document cannot be read at the moment.')
  const document: unknown = await answer.json()
  return { reference: readDocument(document, publicUrl()) }
}

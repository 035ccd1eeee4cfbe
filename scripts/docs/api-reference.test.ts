import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../shared/run-command.ts'
import { apiPages, type OpenApi } from './api-reference.ts'

const api = JSON.parse(await readFile(join(ROOT, 'packages/client/openapi.json'), 'utf8')) as OpenApi
const pages = apiPages(api)

test('every operation of the API is described, under an anchor of its name', () => {
  const ids = Object.values(api.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  expect(ids.filter((id) => !pages.some(({ text }) => text.includes(`{#${id}}`)))).toEqual([])
})

test('an operation tells who may call it, what it takes and what comes back', () => {
  const bookings = pages.find(({ address }) => address === 'api/bookings.md')?.text ?? ''
  const [booking = ''] = /## [^\n]+\{#createBooking\}[\s\S]*?(?=\n## )/.exec(bookings) ?? []
  expect(booking).toContain('POST /api/v1/organizations/{organization}/bookings')
  expect(booking).toContain('Access: no account, or a session, or a key with the scope `bookings:write`.')
  expect(booking).toContain('| `customer.email` | string (email), required |')
  expect(booking).toContain('| `201` | [BookingCreated](/api/schemas.md#bookingcreated) |')
})

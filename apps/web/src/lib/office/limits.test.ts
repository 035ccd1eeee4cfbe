import { expect, test } from 'vitest'
import { limitRows, limitsIn, withoutBearer } from './limits.ts'

function formOf(rows: { count: string; minutes: string; per: string; of?: string }[]): FormData {
  const form = new FormData()
  for (const [index, row] of rows.entries()) {
    for (const [part, value] of Object.entries(row)) form.append(`limit-${String(index)}-${part}`, value)
  }
  return form
}

test('limits come back from the form as they went in, and rows without a number are left out', () => {
  const limits = [
    { per: 'week', of: 'customer', maxCount: 3 },
    { per: 'day', of: 'service', maxMinutes: 0 },
  ] as const
  const rows = limitRows(limits)
  const blank = { count: '', minutes: '', per: 'month', of: 'service' }
  expect(limitsIn(formOf([...rows, blank]))).toEqual({ limits, wrong: [] })
})

test('a row in the middle that is cleared goes, and those after it stay', () => {
  const rows = [
    { count: '', minutes: ' ', per: 'day', of: 'service' },
    { count: '2', minutes: '', per: 'month', of: 'service' },
  ]
  expect(limitsIn(formOf(rows)).limits).toEqual([{ per: 'month', of: 'service', maxCount: 2 }])
})

test('what is no whole number is named', () => {
  const rows = [
    { count: '2', minutes: 'an hour', per: 'day' },
    { count: '-1', minutes: '', per: 'day' },
  ]
  expect(limitsIn(formOf(rows)).wrong).toEqual(['limit-0-minutes', 'limit-1-count'])
})

test('the limits of a person count for all that they do', () => {
  expect(withoutBearer([{ per: 'day', of: 'service', maxCount: 5 }])).toEqual([{ per: 'day', maxCount: 5 }])
})

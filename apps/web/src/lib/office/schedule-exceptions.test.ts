import { expect, test } from 'vitest'
import { exceptionRows, exceptionsIn } from './schedule-exceptions.ts'

function formOf(entries: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(entries)) form.append(name, value)
  return form
}

test('rows are read as dates; one without a last date is one day, an empty one is none', () => {
  const { body, wrong } = exceptionsIn(
    formOf({
      ...{ country: 'DE', region: 'BE' },
      ...{ 'closure-0-from': '2026-12-24', 'closure-0-to': '', 'closure-0-name': 'Party' },
      ...{ 'closure-1-from': '', 'closure-1-to': '', 'closure-1-name': '' },
      ...{ 'stay-0-from': '2026-07-01', 'stay-0-to': '2026-07-14', 'stay-0-zone': 'Asia/Tokyo' },
    }),
  )
  expect(wrong).toEqual({})
  expect(body).toEqual({
    holidays: { country: 'DE', region: 'BE' },
    closures: [{ fromDate: '2026-12-24', toDate: '2026-12-24', name: 'Party' }],
    stays: [{ fromDate: '2026-07-01', toDate: '2026-07-14', timeZone: 'Asia/Tokyo' }],
  })
})

test('no country is nobody’s holidays', () => {
  expect(exceptionsIn(formOf({ country: '', region: 'BE' })).body.holidays).toBeNull()
})

test('dates in disorder, and a stay nowhere, are named', () => {
  const { wrong } = exceptionsIn(
    formOf({
      ...{ 'closure-0-from': '2026-12-24', 'closure-0-to': '2026-12-23' },
      ...{ 'stay-0-from': '2026-07-01', 'stay-0-to': '2026-07-02', 'stay-0-zone': '' },
    }),
  )
  expect(Object.keys(wrong)).toEqual(['closure-0-to', 'stay-0-zone'])
})

test('rows are shown in the order of their dates', () => {
  const late = { fromDate: '2026-12-24', toDate: '2026-12-24' }
  const early = { fromDate: '2026-01-01', toDate: '2026-01-02', name: 'Break' }
  expect(exceptionRows({ closures: [late, early], stays: [] }).closures.map(({ name }) => name)).toEqual(['Break', ''])
})

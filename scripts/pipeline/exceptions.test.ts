import { expect, test } from 'vitest'
import { problemsOfExceptions } from './exceptions.ts'

const NOW_MS = Date.parse('2026-11-26T12:00:00Z')
const GOOD = { id: 'CVE-2026-1', reason: 'The function is never called.', owner: 'ada', until: '2026-12-31' }

test('an exception with a reason, an owner and an end holds until the end of its last day', () => {
  expect(problemsOfExceptions([GOOD], ['CVE-2026-1'], NOW_MS)).toEqual([])
  expect(problemsOfExceptions([{ ...GOOD, until: '2026-11-26' }], [], NOW_MS)).toEqual([])
  expect(problemsOfExceptions([{ ...GOOD, until: '2026-11-25' }], [], NOW_MS)).toEqual([
    'CVE-2026-1 was excepted until 2026-11-25',
  ])
})

test.each([{ reason: ' ' }, { owner: '' }, { until: 'soon' }, { until: '2027-12-31' }])(
  'an exception that nobody can hold anybody to is refused: %j',
  (change) => {
    expect(problemsOfExceptions([{ ...GOOD, ...change }], [], NOW_MS)).toHaveLength(1)
  },
)

test('the image scanner lets nothing through that is not told here', () => {
  expect(problemsOfExceptions([], ['CVE-2026-2'], NOW_MS)).toEqual([
    'CVE-2026-2 is ignored in .github/grype.yaml alone',
  ])
})

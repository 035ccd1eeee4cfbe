import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SAID } from '../test/said.ts'
import { ALL_ZONES } from '../test/clock-changes.ts'
import {
  dateToLocalMs,
  firstInstant,
  forgetZones,
  instantOrAfterGap,
  localDateOf,
  localMsToDate,
  localTimes,
  offsetAt,
  offsetIndex,
  provideTemporal,
  startOfDateMs,
  zoneOffsets,
  type TemporalSource,
} from './zones.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const at = (text: string) => Date.parse(text)

beforeEach(forgetZones)
afterEach(() => {
  vi.unstubAllGlobals()
  provideTemporal(Temporal)
})

/** Temporal, counting the questions. */
function counted(): { source: TemporalSource; asked: () => number } {
  const { Instant } = Temporal
  const ask = vi.fn((epochMs: number) => Instant.fromEpochMilliseconds(epochMs))
  return { source: { Instant: { fromEpochMilliseconds: ask } }, asked: () => ask.mock.calls.length }
}

describe('the offsets of a zone', () => {
  test('begin at the change that brought the first and end at the one after the last', () => {
    expect(zoneOffsets('Europe/Berlin', at('2026-03-20T00:00Z'), at('2026-04-20T00:00Z'))).toEqual({
      sinceMs: [at('2025-10-26T01:00Z'), at('2026-03-29T01:00Z')],
      offsetsMs: [HOUR_MS, 2 * HOUR_MS],
      untilMs: at('2026-10-25T01:00Z'),
    })
  })

  test('have neither beginning nor end where clocks never change', () => {
    const always = { sinceMs: [-Infinity], offsetsMs: [5.5 * HOUR_MS], untilMs: Infinity }
    expect(zoneOffsets('+05:30', 0, at('2026-01-01T00:00Z'))).toEqual(always)
  })

  test('hold for a day before and after what is asked', () => {
    const changeMs = at('2026-03-29T01:00Z')
    const before = { sinceMs: [at('2025-10-26T01:00Z')], offsetsMs: [HOUR_MS], untilMs: changeMs }
    const justNot = changeMs - DAY_MS - 1
    expect(zoneOffsets('Europe/Berlin', justNot, justNot)).toEqual(before)
    expect(zoneOffsets('Europe/Berlin', justNot + 1, justNot + 1).sinceMs).toEqual([...before.sinceMs, changeMs])
    forgetZones()
    expect(zoneOffsets('Europe/Berlin', justNot + 1, justNot + 1).sinceMs).toEqual([...before.sinceMs, changeMs])
    forgetZones()
    expect(zoneOffsets('Europe/Berlin', changeMs + DAY_MS, changeMs + DAY_MS).sinceMs).toEqual([changeMs])
    expect(zoneOffsets('Europe/Berlin', changeMs + DAY_MS - 1, changeMs + DAY_MS).sinceMs).toHaveLength(2)
  })

  test('are those that a scan of every six hours finds, in every zone', () => {
    const [fromMs, toMs] = [at('2025-01-01T00:00Z'), at('2028-01-01T00:00Z')]
    const wrong = ALL_ZONES.filter((timeZone) => {
      const zone = zoneOffsets(timeZone, fromMs, toMs)
      let scanned = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone)
      for (; scanned.epochMilliseconds < toMs; scanned = scanned.add({ hours: 6 }))
        if (offsetAt(zone, scanned.epochMilliseconds) !== scanned.offsetNanoseconds / 1e6) return true
      return false
    })
    expect(wrong).toEqual([])
  })

  test('an unknown zone is refused', () => {
    expect(() => zoneOffsets('Europe/Nowhere', 0, 0)).toThrow(SAID)
  })
})

describe('what is known of a zone', () => {
  const ask = (from: string, to = from) => zoneOffsets('America/New_York', at(from), at(to))

  test('is not read again', () => {
    const { source, asked } = counted()
    provideTemporal(source)
    const first = ask('2026-03-01T00:00Z', '2026-06-01T00:00Z')
    expect(ask('2026-02-01T00:00Z', '2026-09-01T00:00Z')).toBe(first)
    expect(asked()).toBe(1)
  })

  test('grows on both sides to what one question would have read', () => {
    const { source, asked } = counted()
    const whole = ask('2021-05-01T00:00Z', '2031-05-01T00:00Z')
    provideTemporal(source)
    const first = ask('2026-05-01T00:00Z')
    expect(ask('2026-05-01T00:00Z', '2031-05-01T00:00Z').sinceMs.length).toBeGreaterThan(first.sinceMs.length)
    expect(asked()).toBe(2)
    ask('2021-05-01T00:00Z')
    expect(asked()).toBe(3)
    expect(ask('2021-05-01T00:00Z', '2031-05-01T00:00Z')).toEqual(whole)
    expect(asked()).toBe(3)
    forgetZones()
    ask('2026-05-01T00:00Z')
    expect(ask('2021-05-01T00:00Z', '2031-05-01T00:00Z')).toEqual(whole)
    expect(first.sinceMs).toHaveLength(1)
  })

  test('ends a day before the next change', () => {
    const { source, asked } = counted()
    provideTemporal(source)
    ask('2026-05-01T00:00Z')
    ask('2026-10-31T05:59:59.999Z')
    expect(asked()).toBe(1)
    ask('2026-10-31T06:00Z')
    expect(asked()).toBe(2)
  })

  test('begins a day after the last change', () => {
    const { source, asked } = counted()
    provideTemporal(source)
    const first = ask('2026-05-01T00:00Z')
    expect(ask('2026-03-09T07:00Z')).toBe(first)
    expect(ask('2026-03-09T07:00Z', '2026-12-01T00:00Z').sinceMs).toHaveLength(2)
    expect(asked()).toBe(2)
    ask('2026-03-09T06:59:59.999Z')
    expect(asked()).toBe(3)
  })

  test('is replaced when a question is more than ten years away: the years between are not read', () => {
    const near = ask('2026-05-01T00:00Z')
    for (const far of ['2037-05-01T00:00Z', '2026-05-01T00:00Z', '2015-05-01T00:00Z'])
      expect(ask(far).sinceMs).toHaveLength(1)
    ask('2026-05-01T00:00Z')
    expect(ask('2036-05-01T00:00Z').sinceMs).toHaveLength(21)
    forgetZones()
    ask('2026-05-01T00:00Z')
    expect(ask('2016-05-01T00:00Z').sinceMs).toHaveLength(21)
    expect(near.sinceMs).toHaveLength(1)
  })

  test('is dropped when names without end have been asked about', () => {
    const { source, asked } = counted()
    provideTemporal(source)
    for (let minute = 0; minute < 1000; minute++) {
      const [hours, minutes] = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0'))
      zoneOffsets(`+${hours}:${minutes}`, 0, 0)
    }
    zoneOffsets('+00:00', 0, 0)
    expect(asked()).toBe(1000)
    zoneOffsets('UTC', 0, 0)
    zoneOffsets('+00:01', 0, 0)
    expect(asked()).toBe(1002)
    zoneOffsets('UTC', 0, 0)
    expect(asked()).toBe(1002)
  })
})

describe('Temporal', () => {
  test('is that of the runtime, unless another is provided', async () => {
    vi.resetModules()
    const fresh = await import('./zones.ts')
    const [runtime, other] = [counted(), counted()]
    vi.stubGlobal('Temporal', runtime.source)
    fresh.zoneOffsets('Asia/Tokyo', 0, 0)
    expect([runtime.asked(), other.asked()]).toEqual([1, 0])
    fresh.provideTemporal(other.source)
    fresh.zoneOffsets('Asia/Seoul', 0, 0)
    expect([runtime.asked(), other.asked()]).toEqual([1, 1])
  })

  test('can be provided; what the other one told is forgotten', () => {
    zoneOffsets('Asia/Tokyo', 0, 0)
    const { source, asked } = counted()
    provideTemporal(source)
    zoneOffsets('Asia/Tokyo', 0, 0)
    expect(asked()).toBe(1)
  })

  test('is asked for where there is none, with what to do', async () => {
    vi.resetModules()
    const fresh = await import('./zones.ts')
    vi.stubGlobal('Temporal', undefined)
    expect(() => fresh.localDateOf(0, 'UTC')).toThrow(
      'This JavaScript runtime has no Temporal. Install temporal-polyfill and call `provideTemporal(Temporal)` of ' +
        '@slotkeeper/scheduling with the `Temporal` that it exports, before anything else.',
    )
    vi.unstubAllGlobals()
    expect(fresh.localDateOf(0, 'UTC')).toBe('1970-01-01')
  })
})

describe('local times', () => {
  const berlin = () => zoneOffsets('Europe/Berlin', at('2025-01-01T00:00Z'), at('2028-01-01T00:00Z'))

  test('are found in a long table as in a short one', () => {
    const zone = berlin()
    for (const [index, sinceMs] of zone.sinceMs.entries()) {
      expect(offsetIndex(zone, sinceMs)).toBe(index)
      expect(offsetIndex(zone, sinceMs - 1)).toBe(Math.max(0, index - 1))
    }
    expect(offsetIndex(zone, Infinity)).toBe(zone.sinceMs.length - 1)
  })

  test('that are skipped have no instant, and the change stands in for them', () => {
    expect(firstInstant(berlin(), at('2026-03-29T02:30Z'))).toBeUndefined()
    expect(instantOrAfterGap(berlin(), at('2026-03-29T02:30Z'))).toBe(at('2026-03-29T01:00Z'))
  })

  test('that are shown twice are the first', () => {
    expect(firstInstant(berlin(), at('2026-10-25T02:30Z'))).toBe(at('2026-10-25T00:30Z'))
    expect(instantOrAfterGap(berlin(), at('2026-10-25T02:30Z'))).toBe(at('2026-10-25T00:30Z'))
  })

  test('after the last change of the table have its last offset', () => {
    expect(firstInstant(berlin(), at('2028-01-15T12:00Z'))).toBe(at('2028-01-15T11:00Z'))
    expect(instantOrAfterGap(berlin(), at('2028-01-15T12:00Z'))).toBe(at('2028-01-15T11:00Z'))
  })
})

describe('dates', () => {
  test.each(['2026-2-01', '2026-02-30', '2026-13-01', '26-02-01', ' 2026-02-01', '2026-02-01T00:00', '0000-00-00', ''])(
    '%j is none',
    (text) => {
      expect(() => dateToLocalMs(text)).toThrow(new RangeError(`not a date of the form YYYY-MM-DD: ${text}`))
    },
  )

  test('are read and written', () => {
    expect(dateToLocalMs('2024-02-29')).toBe(at('2024-02-29T00:00Z'))
    expect(localMsToDate(at('2024-02-29T23:59:59.999Z'))).toBe('2024-02-29')
    expect(localMsToDate(at('0987-10-01T00:00Z'))).toBe('0987-10-01')
    expect(() => localMsToDate(Number.NaN)).toThrow(new RangeError('not a time: NaN'))
  })

  test('begin after midnight where the clocks skip it, and the next day where they skip the date', () => {
    expect(startOfDateMs('2026-04-24', 'Africa/Cairo')).toBe(at('2026-04-23T22:00Z'))
    expect(startOfDateMs('2011-12-30', 'Pacific/Apia')).toBe(startOfDateMs('2011-12-31', 'Pacific/Apia'))
    expect(startOfDateMs('2011-12-31', 'Pacific/Apia')).toBe(at('2011-12-30T10:00Z'))
  })

  test('are those of the place', () => {
    expect(localDateOf(at('2026-06-30T15:00Z'), 'Asia/Tokyo')).toBe('2026-07-01')
    expect(localDateOf(at('2026-06-30T14:59:59.999Z'), 'Asia/Tokyo')).toBe('2026-06-30')
  })
})

describe('the local dates and offsets of many instants', () => {
  const told = (instants: string[], timeZone: string) => {
    const { offsetMin, dateIndex, dates } = localTimes(Float64Array.from(instants, at), timeZone)
    return { offsetMin: [...offsetMin], dateIndex: [...dateIndex], dates }
  }

  test('name every date once', () => {
    const instants = ['2026-03-28T22:30Z', '2026-03-28T23:00Z', '2026-03-29T01:00Z', '2026-10-31T22:59Z']
    expect(told(instants, 'Europe/Berlin')).toEqual({
      offsetMin: [60, 60, 120, 60],
      dateIndex: [0, 1, 1, 2],
      dates: ['2026-03-28', '2026-03-29', '2026-10-31'],
    })
    expect(told(['1969-12-30T22:30Z', '1969-12-30T23:00Z'], 'Europe/Berlin')).toEqual({
      offsetMin: [60, 60],
      dateIndex: [0, 1],
      dates: ['1969-12-30', '1969-12-31'],
    })
  })

  test('read no more of the zone than they need: nothing for no instants', () => {
    const { source, asked } = counted()
    provideTemporal(source)
    expect(told([], 'Europe/Berlin')).toEqual({ offsetMin: [], dateIndex: [], dates: [] })
    expect(asked()).toBe(0)
    zoneOffsets('Europe/Berlin', at('2026-05-01T00:00Z'), at('2026-05-01T00:00Z'))
    told(['2026-05-01T00:00Z', '2026-09-01T00:00Z'], 'Europe/Berlin')
    expect(asked()).toBe(1)
  })

  // In 2010 the clocks of Newfoundland went from 00:01 back to 23:01 of the day before.
  test('a date that the clocks come back to is the same', () => {
    const instants = ['2010-11-07T02:29Z', '2010-11-07T02:30Z', '2010-11-07T02:31Z', '2010-11-07T03:30Z']
    const [before, midnight, back, next] = [0, 1, 0, 1]
    expect(told(instants, 'America/St_Johns')).toEqual({
      offsetMin: [-150, -150, -210, -210],
      dateIndex: [before, midnight, back, next],
      dates: ['2010-11-06', '2010-11-07'],
    })
  })

  test('a date that the clocks come back to, and that had no instant before, goes before the next', () => {
    const instants = ['2010-11-07T02:30Z', '2010-11-07T02:30:30Z', '2010-11-07T02:31Z', '2010-11-07T03:30Z']
    expect(told(instants, 'America/St_Johns')).toMatchObject({
      dateIndex: [1, 1, 0, 1],
      dates: ['2010-11-06', '2010-11-07'],
    })
    expect(told(['2010-11-05T12:00Z', ...instants], 'America/St_Johns')).toMatchObject({
      dateIndex: [0, 2, 2, 1, 2],
      dates: ['2010-11-05', '2010-11-06', '2010-11-07'],
    })
  })
})

import {
  busyTimes,
  checkSeries,
  expandSchedule,
  findSlots,
  limit,
  NEVER_BUSY,
  occurrences,
  openSpans,
  parseRecurrence,
  type BusyTime,
  type Candidate,
  type OpenHours,
  type Requirement,
  type Schedule,
  type SlotQuery,
} from '../src/index.ts'
import type { Bar, Picture, Row } from './picture.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const DAY = '2026-06-10'

const at = (time: string, date = DAY) => Date.parse(`${date}T${time}Z`)
const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16)
const weekday = (ms: number) =>
  new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', timeZone: 'UTC' }).format(ms)

/** Open every day, in UTC, over a fortnight. */
function openDaily(from: string, to: string, more: Partial<Schedule> = {}): OpenHours {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const window = { startMin: minutes(from), endMin: minutes(to) + (to <= from ? 1440 : 0) }
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ weekday: day, ...window }))
  return expandSchedule({ timeZone: 'UTC', weekly, ...more }, '2026-06-07', '2026-06-20')
}

const booking = (from: string, to: string, more: Partial<BusyTime> = {}): BusyTime => ({
  ...{ startMs: at(from), endMs: at(to), kind: 'booking' },
  ...more,
})

const person = (id: string, hours: OpenHours, busy: readonly BusyTime[] = []): Candidate => ({
  ...{ id, hours },
  busy: busyTimes(busy),
})
const one = (candidates: readonly Candidate[], more: Partial<Requirement> = {}): Requirement => ({
  ...{ kind: 'provider', count: 1, candidates },
  ...more,
})

/** Half an hour every half hour on the day, at midnight before. */
function ask(requirements: readonly Requirement[], more: Partial<SlotQuery> = {}): SlotQuery {
  return {
    ...{ fromMs: at('00:00'), toMs: at('00:00') + DAY_MS, nowMs: at('00:00'), noticeMin: 0, steps: { everyMin: 30 } },
    segments: [{ lengthMin: 30, requirements }],
    ...more,
  }
}

const startsOf = (query: SlotQuery) => [...findSlots(query).startsMs]
const freeStarts = (query: SlotQuery, label = 'free starts'): Row => ({ label, starts: startsOf(query) })

/** The open time of somebody as bars. */
function opening(hours: OpenHours, label = 'hours'): Row {
  const spans = openSpans(hours)
  return {
    label,
    bars: Array.from({ length: spans.length / 2 }, (_, i) => bar(spans[2 * i], spans[2 * i + 1], 'open')),
  }
}

const bar = (fromMs = 0, toMs = 0, kind: Bar['kind'], text?: string): Bar => ({
  ...{ fromMs, toMs, kind },
  ...(text !== undefined && { text }),
})

function busyRow(label: string, times: readonly BusyTime[], text?: string): Row {
  const bars = times.flatMap(({ startMs, endMs, bufferBeforeMin = 0, bufferAfterMin = 0 }) => [
    ...(bufferBeforeMin > 0 ? [bar(startMs - bufferBeforeMin * MINUTE_MS, startMs, 'buffer')] : []),
    bar(startMs, endMs, 'busy', text),
    ...(bufferAfterMin > 0 ? [bar(endMs, endMs + bufferAfterMin * MINUTE_MS, 'buffer')] : []),
  ])
  return { label, bars }
}

const morning = (title: string, rows: readonly Row[], [from, to] = ['08:00', '14:00'] as const): Picture => ({
  ...{ title, rows, fromMs: at(from), toMs: at(to), everyMs: HOUR_MS, labelOf: clock },
})

/** Only what lies in the picture. */
const within = ({ rows, ...picture }: Picture): Picture => ({
  ...picture,
  rows: rows.map(({ bars = [], starts = [], ...row }) => ({
    ...row,
    bars: bars
      .filter(({ fromMs, toMs }) => fromMs < picture.toMs && picture.fromMs < toMs)
      .map((one) => ({ ...one, fromMs: Math.max(one.fromMs, picture.fromMs), toMs: Math.min(one.toMs, picture.toMs) })),
    starts: starts.filter((ms) => picture.fromMs <= ms && ms <= picture.toMs),
  })),
})

function freeTimes(): Picture {
  const hours = openDaily('09:00', '13:00')
  const busy = [booking('10:00', '11:30')]
  const query = ask([one([person('ada', hours, busy)])])
  return morning('Hours from 9 to 13, busy from 10 to 11:30, leave half hours before and after', [
    ...[opening(hours), busyRow('busy', busy), freeStarts(query)],
  ])
}

function night(): Picture {
  const hours = openDaily('22:00', '02:00')
  const query = ask([one([person('ada', hours)])], { toMs: at('00:00') + 2 * DAY_MS })
  const picture = { fromMs: at('20:00'), toMs: at('04:00') + DAY_MS, everyMs: HOUR_MS, labelOf: clock }
  const title = 'A window from 22:00 to 02:00 goes over midnight, and so do its starts'
  return { ...picture, title, rows: [opening(hours), freeStarts(query)] }
}

function exceptions(): Picture {
  const hours = openDaily('09:00', '17:00', {
    overrides: [{ date: '2026-06-11', windows: [{ startMin: 780, endMin: 1260 }] }],
    holidays: [{ date: '2026-06-09', name: 'Whit Tuesday' }],
    closures: [{ fromDate: '2026-06-12', toDate: '2026-06-13', name: 'Painting' }],
  })
  const title = 'A week of hours from 9 to 17: none on a holiday, others by an override, none for a closure'
  const whole = (from: number, to: number, text: string) =>
    bar(at('00:00', `2026-06-${from}`), at('00:00', `2026-06-${to}`), 'off', text)
  const why = { label: 'exceptions', bars: [whole(11, 12, 'override'), whole(12, 14, 'closure')] }
  const holiday = bar(at('00:00', '2026-06-09'), at('00:00', '2026-06-10'), 'off', 'holiday')
  const axis = { fromMs: at('00:00', '2026-06-08'), toMs: at('00:00', '2026-06-15'), everyMs: DAY_MS, labelOf: weekday }
  return { ...axis, title, rows: [opening(hours), { ...why, bars: [holiday, ...why.bars] }] }
}

function steps(): Picture {
  const hours = openDaily('09:10', '12:10')
  const by = (label: string, more: Partial<SlotQuery['steps']>) =>
    freeStarts(ask([one([person('ada', hours)])], { steps: { everyMin: 30, ...more } }), label)
  return morning('Starts every 30 minutes: from the window, from midnight, and 10 minutes after the window begins', [
    opening(hours),
    by('from the window', {}),
    by('from midnight', { from: 'midnight' }),
    by('offset 10', { offsetMin: 10 }),
  ])
}

function buffers(): Picture {
  const hours = openDaily('09:00', '13:00')
  const busy = [booking('10:30', '11:00', { bufferBeforeMin: 15, bufferAfterMin: 15 })]
  const query = ask([one([person('ada', hours, busy)], { bufferAfterMin: 15 })], { steps: { everyMin: 15 } })
  return morning('Buffers of a booking and of what is asked for add up', [
    ...[opening(hours), busyRow('a booking', busy), freeStarts(query)],
    { label: '', text: 'each start is followed by 30 minutes and a buffer of 15' },
  ])
}

function noticeAndWindow(): Picture {
  const hours = openDaily('09:00', '18:00')
  const nowMs = at('08:00', '2026-06-08')
  const window = { fromMs: at('00:00', '2026-06-08'), untilMs: at('00:00', '2026-06-12') }
  const query = ask([one([person('ada', hours)])], {
    ...{ nowMs, noticeMin: 1440, window, steps: { everyMin: 180 } },
    ...{ fromMs: at('00:00', '2026-06-08'), toMs: at('00:00', '2026-06-14') },
  })
  const axis = { fromMs: at('00:00', '2026-06-08'), toMs: at('00:00', '2026-06-14'), everyMs: DAY_MS, labelOf: weekday }
  const rules = [bar(nowMs, nowMs + DAY_MS, 'off', 'notice'), bar(window.untilMs, axis.toMs, 'off', 'not yet')]
  const title = 'A day of notice and a window of four days leave the days between'
  return { ...axis, title, rows: [opening(hours), { label: 'rules', bars: rules }, freeStarts(query)] }
}

function limits(): Picture {
  const hours = openDaily('09:00', '13:00')
  const day = (date: string, times: string[]) =>
    times.map((time) => ({ startMs: at(time, date), endMs: at(time, date) + 30 * MINUTE_MS, kind: 'booking' as const }))
  const busy = [...day('2026-06-09', ['09:30']), ...day('2026-06-10', ['09:00', '10:30', '12:00'])]
  const counted = busy.map(({ startMs }) => ({ startMs, minutes: 30 }))
  const perDay = limit({ per: 'day', maxCount: 3 }, { timeZone: 'UTC' }, counted)
  const query = ask([one([{ ...person('ada', hours, busy), limits: [perDay] }])], {
    ...{ nowMs: 0, fromMs: at('00:00', '2026-06-09'), toMs: at('00:00', '2026-06-12'), steps: { everyMin: 60 } },
  })
  const axis = { fromMs: at('00:00', '2026-06-09'), toMs: at('00:00', '2026-06-12'), everyMs: DAY_MS, labelOf: weekday }
  const title = 'At most three a day: the day that has three is full, though there is time'
  return { ...axis, title, rows: [opening(hours), busyRow('bookings', busy), freeStarts(query)] }
}

function packedStarts(): Picture {
  const hours = openDaily('09:00', '13:00')
  const busy = [booking('10:15', '11:00')]
  const lead = [one([person('ada', hours, busy)])]
  const every = { steps: { everyMin: 15 } }
  return morning('Of the starts in a free stretch, only those that leave no gap too short for anybody', [
    ...[opening(hours), busyRow('busy', busy), freeStarts(ask(lead, every), 'all starts')],
    freeStarts(ask(lead, { ...every, packed: { usefulMin: 30 } }), 'packed, 30 min'),
  ])
}

function requirements(): Picture {
  const hours = openDaily('09:00', '13:00')
  const ada = [booking('09:00', '10:00')]
  const bob = [booking('11:00', '12:00')]
  const cleo = [booking('09:30', '11:30')]
  const room = [booking('12:00', '12:30')]
  const people = [person('ada', hours, ada), person('bob', hours, bob), person('cleo', hours, cleo)]
  const query = ask([
    one(people, { count: 2 }),
    { kind: 'resource', count: 1, candidates: [{ id: 'room', busy: busyTimes(room) }] },
  ])
  return morning('Two of three people and a room: free when two are, and the room is', [
    ...[busyRow('Ada', ada), busyRow('Bob', bob), busyRow('Cleo', cleo), busyRow('room', room)],
    freeStarts(query, 'two and the room'),
  ])
}

function segments(): Picture {
  const hours = openDaily('09:00', '13:00')
  const doctor = [booking('09:00', '10:00'), booking('11:00', '11:30')]
  const query: SlotQuery = {
    ...ask([]),
    segments: [
      { lengthMin: 30, requirements: [one([person('assistant', hours)])] },
      { lengthMin: 60, requirements: [one([person('doctor', hours, doctor)])] },
    ],
  }
  const starts = startsOf(query)
  const first = starts[0] ?? 0
  const second = first + 30 * MINUTE_MS
  return morning('Half an hour with the assistant, then an hour with the doctor', [
    { label: 'assistant', bars: [bar(first, second, 'taken', '30')] },
    { label: 'doctor', bars: [...(busyRow('', doctor).bars ?? []), bar(second, second + HOUR_MS, 'taken', '60')] },
    { label: 'free starts', starts },
  ])
}

function groups(): Picture {
  const hours = openDaily('09:00', '13:00')
  const session = (id: string, time: string, seatsLeft: number) => ({
    ...{ id, seatsLeft, startMs: at(time), endMs: at(time) + HOUR_MS, candidateIds: ['ada'] },
  })
  const sessions = [session('early', '09:00', 3), session('late', '11:00', 1)]
  const busy = sessions.map(({ startMs, endMs }) => ({ startMs, endMs, kind: 'booking' as const }))
  const query = (seats: number) =>
    ask([one([person('ada', hours, busy)])], {
      ...{ steps: { everyMin: 60 }, group: { capacity: 8, seats, sessions } },
      segments: [{ lengthMin: 60, requirements: [one([person('ada', hours, busy)])] }],
    })
  const bars = sessions.map(({ startMs, endMs, seatsLeft }) => bar(startMs, endMs, 'taken', `${seatsLeft} left`))
  return morning('Sessions with seats left are joined; a party of two needs two seats together', [
    ...[{ label: 'sessions', bars }, freeStarts(query(1), 'one seat'), freeStarts(query(2), 'two seats')],
  ])
}

function series(): Picture {
  const weekly = [1, 2, 3, 4, 5].map((day) => ({ weekday: day, startMin: 540, endMin: 1020 }))
  const closures = [{ fromDate: '2026-06-24', toDate: '2026-06-24' }]
  const hours = expandSchedule({ timeZone: 'UTC', weekly, closures }, '2026-06-01', '2026-07-31')
  const axis = {
    fromMs: at('00:00', '2026-06-08'),
    toMs: at('00:00', '2026-07-13'),
    everyMs: 7 * DAY_MS,
    labelOf: weekday,
  }
  const rule = parseRecurrence('FREQ=WEEKLY;COUNT=5')
  const starts = occurrences({ startsAt: `${DAY}T10:00`, timeZone: 'UTC', rule }, axis.fromMs, axis.toMs)
  const query = ask([one([{ id: 'ada', hours, busy: NEVER_BUSY }])])
  const results = checkSeries(query, starts, { alternatives: 1 })
  const free = results.filter((result) => result.free).map(({ startMs }) => startMs)
  const instead = results.flatMap((result) => (result.free ? [] : [...result.alternatives]))
  const closed = bar(at('00:00', '2026-06-24'), at('00:00', '2026-06-25'), 'off')
  const title = 'Weekly for five weeks: four are free, and the nearest other time stands for the one that is not'
  const rows = [
    { label: 'closed', bars: [closed] },
    { label: 'free', starts: free },
    { label: 'instead', starts: instead },
  ]
  return { ...axis, title, rows }
}

function clockChange(): Picture {
  const timeZone = 'Europe/Berlin'
  const on = (date: string) => {
    const weekly = [{ weekday: 7, startMin: 0, endMin: 360 }]
    const hours = expandSchedule({ timeZone, weekly }, date, date)
    const fromMs = Date.parse(`${date}T00:00Z`) - DAY_MS
    return startsOf({ ...ask([one([person('ada', hours)])]), nowMs: 0, fromMs, toMs: fromMs + 3 * DAY_MS })
  }
  // Hours that pass, from local midnight on.
  const since = (date: string, midnight: string) => on(date).map((ms) => ms - Date.parse(midnight) + at('00:00'))
  const axis = {
    fromMs: at('00:00'),
    toMs: at('07:00'),
    everyMs: HOUR_MS,
    labelOf: (ms: number) => `+${(ms - at('00:00')) / HOUR_MS} h`,
  }
  const title =
    'Open from 0:00 to 6:00 by the clock: five hours pass when clocks go forward, seven when they go back, and the hour that comes twice is offered once'
  return {
    ...{ ...axis, title },
    rows: [
      { label: '29 March, forward', starts: since('2026-03-29', '2026-03-28T23:00Z') },
      { label: 'any other Sunday', starts: since('2026-06-14', '2026-06-13T22:00Z') },
      { label: '25 October, back', starts: since('2026-10-25', '2026-10-24T22:00Z') },
    ],
  }
}

/** Every picture of the README, by the name of its file. */
export const SCENES: Readonly<Record<string, () => Picture>> = {
  'free-starts': freeTimes,
  night,
  exceptions,
  steps,
  buffers,
  'notice-and-window': noticeAndWindow,
  limits,
  packed: packedStarts,
  requirements,
  segments,
  groups,
  series,
  'clock-change': clockChange,
}

/** A picture, cut to its axis. */
export function sceneOf(name: string): Picture {
  const scene = SCENES[name]
  if (!scene) throw new Error(`there is no picture ${name}`)
  return within(scene())
}

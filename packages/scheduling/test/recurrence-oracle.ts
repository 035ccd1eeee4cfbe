/**
 * Recurrence by definition: every local minute or day is looked at, and Temporal says where it stands. Shares no code with
 * the engine. Whole seconds only, one second in the rule at most.
 */
type Parts = Map<string, string>

const NAMES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const UNITS = {
  YEARLY: 'years',
  MONTHLY: 'months',
  WEEKLY: 'weeks',
  DAILY: 'days',
  HOURLY: 'hours',
  MINUTELY: 'minutes',
} as const
type Freq = keyof typeof UNITS

/**
 * The local times, YYYY-MM-DDTHH:MM:SS, that a rule gives from its start to a date, exclusive, of which no more than
 * `count` are counted.
 */
export function recurrenceByOracle(text: string, startsAt: string, toDate: string): string[] {
  const parts: Parts = new Map(text.split(';').map((part) => part.split('=') as [string, string]))
  const freq = (parts.get('FREQ') ?? 'DAILY') as Freq
  const start = Temporal.PlainDateTime.from(startsAt)
  const groups = new Map<string, Temporal.PlainDateTime[]>()
  const from = periodStart(freq, start, parts)
  // The last period is looked at as a whole: positions count in it.
  const last = Temporal.PlainDate.from(toDate).add({ days: freq === 'YEARLY' ? 366 : 31 })
  for (let date = from.toPlainDate(); date.until(last).days > 0; date = date.add({ days: 1 })) {
    if (!dateFits(freq, date, start, parts)) continue
    for (const time of timesOf(freq, start, parts)) {
      const at = date.toPlainDateTime(time)
      const period = periodStart(freq, at, parts)
      if (Temporal.PlainDateTime.compare(period, from) < 0 || distance(freq, from, period) % interval(parts) !== 0)
        continue
      const key = period.toString()
      groups.set(key, [...(groups.get(key) ?? []), at])
    }
  }
  const positions = numbers(parts, 'BYSETPOS')
  const chosen = [...groups.values()].flatMap((times) => {
    const sorted = times.sort((a, b) => Temporal.PlainDateTime.compare(a, b))
    if (!positions) return sorted
    return sorted.filter((_time, at) => positions.includes(at + 1) || positions.includes(at - sorted.length))
  })
  const until = parts.get('UNTIL')
  return chosen
    .map((time) => time.toString({ smallestUnit: 'second' }))
    .sort()
    .filter((time) => time >= start.toString({ smallestUnit: 'second' }))
    .filter((time) => time < toDate)
    .filter((time) => until === undefined || time.replaceAll(/[-:]/g, '').slice(0, until.length) <= until)
    .slice(0, Number(parts.get('COUNT') ?? Infinity))
}

function interval(parts: Parts): number {
  return Number(parts.get('INTERVAL') ?? 1)
}

function numbers(parts: Parts, name: string): number[] | undefined {
  return parts.get(name)?.split(',').map(Number)
}

/** The beginning of the year, month ... minute around a time. */
function periodStart(freq: Freq, at: Temporal.PlainDateTime, parts: Parts): Temporal.PlainDateTime {
  const midnight = at.with({ hour: 0, minute: 0, second: 0 })
  if (freq === 'YEARLY') return midnight.with({ month: 1, day: 1 })
  if (freq === 'MONTHLY') return midnight.with({ day: 1 })
  if (freq === 'DAILY') return midnight
  if (freq === 'HOURLY') return at.with({ minute: 0, second: 0 })
  if (freq === 'MINUTELY') return at.with({ second: 0 })
  const weekStart = NAMES.indexOf(parts.get('WKST') ?? 'MO') + 1
  let day = midnight
  while (day.dayOfWeek !== weekStart) day = day.subtract({ days: 1 })
  return day
}

function distance(freq: Freq, from: Temporal.PlainDateTime, to: Temporal.PlainDateTime): number {
  const unit = UNITS[freq]
  return from.until(to, { largestUnit: unit })[unit]
}

/** Times of the day that a rule can give, before periods and positions are looked at. */
function timesOf(freq: Freq, start: Temporal.PlainDateTime, parts: Parts): Temporal.PlainTime[] {
  const hours = numbers(parts, 'BYHOUR') ?? (freq === 'HOURLY' || freq === 'MINUTELY' ? range(24) : [start.hour])
  const minutes = numbers(parts, 'BYMINUTE') ?? (freq === 'MINUTELY' ? range(60) : [start.minute])
  const seconds = numbers(parts, 'BYSECOND') ?? [start.second]
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => new Temporal.PlainTime(hour, minute, second))),
  )
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at)

function dateFits(freq: Freq, date: Temporal.PlainDate, start: Temporal.PlainDateTime, parts: Parts): boolean {
  const isGiven = (name: string) => parts.has(name)
  const within = (name: string, value: number, last: number) => {
    const list = numbers(parts, name)
    return !list || list.includes(value) || list.includes(value - last - 1)
  }
  if (!within('BYMONTH', date.month, 100)) return false
  if (!within('BYMONTHDAY', date.day, date.daysInMonth)) return false
  if (!within('BYYEARDAY', date.dayOfYear, date.daysInYear)) return false
  if (!weekFits(date, parts) || !weekdayFits(freq, date, parts)) return false
  if (isGiven('BYDAY') || isGiven('BYMONTHDAY') || isGiven('BYYEARDAY')) return true
  // What the rule leaves open comes from its start.
  if (freq === 'WEEKLY' || isGiven('BYWEEKNO')) return date.dayOfWeek === start.dayOfWeek
  if (freq === 'MONTHLY') return date.day === start.day
  if (freq === 'YEARLY') return date.day === start.day && (isGiven('BYMONTH') || date.month === start.month)
  return true
}

/** Weeks counted one by one from the first that has four days in the year. */
function weekFits(date: Temporal.PlainDate, parts: Parts): boolean {
  const list = numbers(parts, 'BYWEEKNO')
  if (!list) return true
  const weeks = [date.year - 1, date.year, date.year + 1].flatMap((year) => weeksOf(year, parts))
  const week = weeks.find(({ days }) => days.includes(date.toString()))
  return week !== undefined && (list.includes(week.number) || list.includes(week.number - week.last - 1))
}

const knownWeeks = new Map<string, { number: number; last: number; days: string[] }[]>()

function weeksOf(year: number, parts: Parts) {
  const name = parts.get('WKST') ?? 'MO'
  const known = knownWeeks.get(`${year} ${name}`)
  if (known) return known
  const weeks: string[][] = []
  let day = Temporal.PlainDate.from({ year, month: 1, day: 1 }).subtract({ days: 7 })
  while (NAMES[day.dayOfWeek - 1] !== name) day = day.add({ days: 1 })
  for (; day.year <= year; day = day.add({ days: 7 })) {
    const days = range(7).map((at) => day.add({ days: at }))
    if (days.filter((one) => one.year === year).length >= 4) weeks.push(days.map(String))
  }
  const numbered = weeks.map((days, at) => ({ number: at + 1, last: weeks.length, days }))
  knownWeeks.set(`${year} ${name}`, numbered)
  return numbered
}

function weekdayFits(freq: Freq, date: Temporal.PlainDate, parts: Parts): boolean {
  const list = parts.get('BYDAY')?.split(',')
  if (!list) return true
  const name = NAMES[date.dayOfWeek - 1] ?? ''
  const inYear = freq === 'YEARLY' && !parts.has('BYMONTH')
  const alike: string[] = []
  const first = inYear ? date.with({ month: 1, day: 1 }) : date.with({ day: 1 })
  for (let day = first; inYear ? day.year === date.year : day.month === date.month; day = day.add({ days: 1 }))
    if (day.dayOfWeek === date.dayOfWeek) alike.push(day.toString())
  const at = alike.indexOf(date.toString())
  return [name, `${at + 1}${name}`, `${at - alike.length}${name}`].some((one) => list.includes(one))
}

import fc from 'fast-check'
import { needsOf, type Case, type Need } from './case.ts'
import { cases } from './cases.ts'

/** A case that is always tried. When generators change, `shows` tells which seeds no longer are what they are here for. */
export type Seed = { readonly seed: number; readonly reason: string; readonly shows: (ask: Case) => boolean }

export function caseOfSeed({ seed }: Seed): Case {
  const [ask] = fc.sample(cases, { seed, numRuns: 1 })
  if (!ask) throw new Error('no case was made')
  return ask
}

const leadOf = (ask: Case): Need => {
  const [lead] = needsOf(ask)
  if (!lead) throw new Error('a case without requirements')
  return lead
}

const at = (timeZone: string, date: string) => (ask: Case) =>
  ask.schedules[0]?.timeZone === timeZone && Math.abs(Date.parse(ask.fromDate) - Date.parse(date)) <= 86_400_000

export const SEEDS: readonly Seed[] = [
  {
    seed: 108080,
    reason: 'found that hours of a date after the next has begun counted for one day and were asked about in the other',
    shows: (ask) => ask.schedules[0]?.timeZone === 'America/St_Johns' && ask.limits.length > 0,
  },
  {
    seed: 921,
    reason: 'whoever was chosen is out of step, and so another one must lead',
    shows: (ask) => needsOf(ask)[0]?.count === 2 && needsOf(ask)[0]?.chosen !== undefined,
  },
  {
    seed: 142,
    reason: 'found that steps from midnight forgot the part of their offset above a step',
    shows: ({ steps }) => steps.from === 'midnight' && (steps.offsetMin ?? 0) > steps.everyMin,
  },
  {
    seed: 35989,
    reason: 'found that the first start of a day came twice where a date goes on after the next',
    shows: ({ firstOfDayIn }) => firstOfDayIn === 'Antarctica/Casey',
  },
  {
    seed: 38478,
    reason: 'found the same where clocks go back one minute past midnight',
    shows: ({ firstOfDayIn }) => firstOfDayIn === 'America/St_Johns',
  },
  {
    seed: 7,
    reason: 'windows reach over midnight and overlap those of the next day',
    shows: ({ schedules }) => schedules.some(({ weekly }) => weekly.some(({ endMin }) => endMin > 1440)),
  },
  {
    seed: 14,
    reason: 'a closure cuts nights',
    shows: ({ schedules }) => schedules.some(({ closures = [] }) => closures.length > 0),
  },
  {
    seed: 49,
    reason: 'two stays elsewhere',
    shows: ({ schedules }) => schedules.some(({ stays = [] }) => stays.length === 2),
  },
  {
    seed: 53,
    reason: 'hours of the service begin counting anew',
    shows: ({ service, schedules }) => service !== undefined && schedules.length > 1,
  },
  {
    seed: 335,
    reason: 'two requirements compete for the same people',
    shows: ({ segments }) => segments.some(({ needs }) => needs.length > 1),
  },
  {
    seed: 205,
    reason: 'two of three at once',
    shows: (ask) => leadOf(ask).count === 2 && leadOf(ask).subjects.length >= 3,
  },
  {
    seed: 46,
    reason: 'somebody was chosen among several at once',
    shows: (ask) => leadOf(ask).count >= 2 && leadOf(ask).chosen !== undefined,
  },
  { seed: 82, reason: 'whoever’s turn it is', shows: (ask) => leadOf(ask).assign === 'by_turn' },
  {
    seed: 677,
    reason: 'three steps, each with people of its own',
    shows: ({ segments }) => segments.length === 3 && segments.every(({ needs }) => needs.length > 0),
  },
  {
    seed: 734,
    reason: 'a pause between two steps',
    shows: ({ segments }) => segments[1]?.needs.length === 0 && segments.length === 3,
  },
  { seed: 433, reason: 'limits of the service or the customer', shows: ({ limits }) => limits.length > 0 },
  {
    seed: 63,
    reason: 'limits of candidates',
    shows: ({ subjects }) => subjects.some(({ limits = [] }) => limits.length > 0),
  },
  {
    seed: 64,
    reason: 'sessions that are open already, and new ones',
    shows: ({ group }) => (group?.capacity ?? 0) > 0,
  },
  {
    seed: 27,
    reason: 'only sessions that are open already can be joined',
    shows: ({ group }) => group?.capacity === 0,
  },
  { seed: 8, reason: 'packed closely', shows: ({ usefulMin }) => usefulMin !== undefined },
  {
    seed: 115,
    reason: 'packed closely around either of two who lead',
    shows: (ask) => ask.usefulMin !== undefined && leadOf(ask).count === 2,
  },
  { seed: 11, reason: 'only the first start of a day', shows: ({ firstOfDayIn }) => firstOfDayIn !== undefined },
  {
    seed: 94,
    reason: 'the first start of a day of those that are packed closely',
    shows: (ask) => ask.firstOfDayIn !== undefined && ask.usefulMin !== undefined,
  },
  { seed: 9, reason: 'a booking window', shows: ({ window }) => window !== undefined },
  {
    seed: 31,
    reason: 'busy times that are no whole minutes',
    shows: ({ subjects }) => subjects.some(({ busy }) => busy.some(({ startMs }) => startMs % 60_000 > 0)),
  },
  {
    seed: 12,
    reason: 'Antarctica/Casey: back by three hours, into the day before',
    shows: at('Antarctica/Casey', '2010-03-05'),
  },
  { seed: 21, reason: 'Europe/Berlin: back by an hour at night', shows: at('Europe/Berlin', '2026-10-25') },
  { seed: 35, reason: 'Africa/Cairo: midnight is skipped', shows: at('Africa/Cairo', '2026-04-24') },
  {
    seed: 45,
    reason: 'Asia/Kathmandu: a quarter of an hour off, and the month ends',
    shows: at('Asia/Kathmandu', '2026-05-31'),
  },
  {
    seed: 51,
    reason: 'America/New_York: back by an hour, and the month has just begun',
    shows: at('America/New_York', '2026-11-01'),
  },
  { seed: 54, reason: 'Australia/Lord_Howe: back by half an hour', shows: at('Australia/Lord_Howe', '2026-04-05') },
  { seed: 69, reason: 'America/New_York: ahead by an hour', shows: at('America/New_York', '2026-03-08') },
  { seed: 80, reason: 'Africa/Casablanca: back for Ramadan', shows: at('Africa/Casablanca', '2026-02-15') },
  {
    seed: 84,
    reason: 'Pacific/Chatham: far ahead of UTC, and the year ends',
    shows: at('Pacific/Chatham', '2026-12-31'),
  },
  {
    seed: 127,
    reason: 'America/St_Johns: back at one minute past midnight, into the day before',
    shows: at('America/St_Johns', '2010-11-07'),
  },
  { seed: 131, reason: 'UTC: the clocks never change', shows: at('UTC', '2026-06-10') },
  { seed: 138, reason: 'Africa/Casablanca: ahead after Ramadan', shows: at('Africa/Casablanca', '2026-03-22') },
  { seed: 148, reason: 'Europe/Berlin: ahead by an hour at night', shows: at('Europe/Berlin', '2026-03-29') },
  { seed: 180, reason: 'America/Havana: midnight is skipped, in the west', shows: at('America/Havana', '2026-03-08') },
  { seed: 220, reason: 'Antarctica/Troll: ahead by two hours', shows: at('Antarctica/Troll', '2026-03-29') },
  { seed: 243, reason: 'Africa/Cairo: back at midnight', shows: at('Africa/Cairo', '2026-10-29') },
  { seed: 249, reason: 'Pacific/Apia: back by an hour, behind the date line', shows: at('Pacific/Apia', '2012-04-01') },
  { seed: 262, reason: 'Pacific/Apia: a whole date is skipped', shows: at('Pacific/Apia', '2011-12-30') },
  {
    seed: 313,
    reason: 'America/Santiago: midnight is skipped, in the south',
    shows: at('America/Santiago', '2026-09-06'),
  },
  {
    seed: 349,
    reason: 'America/Santiago: back at midnight, in the south',
    shows: at('America/Santiago', '2026-04-04'),
  },
  { seed: 632, reason: 'America/Havana: midnight comes twice', shows: at('America/Havana', '2026-11-01') },
  { seed: 1097, reason: 'Australia/Lord_Howe: ahead by half an hour', shows: at('Australia/Lord_Howe', '2026-10-04') },
]

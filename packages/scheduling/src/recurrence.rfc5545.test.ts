import { describe, expect, test } from 'vitest'
import { occurrences, parseRecurrence } from './index.ts'

/** Local times of a rule in New York, as the RFC prints them; `until` bounds those that go on for ever. */
function timesOf(start: string, rule: string, until = '2010-01-01', except: string[] = []): string[] {
  const recurrence = { startsAt: start, timeZone: 'America/New_York', rule: parseRecurrence(rule), except }
  const found = occurrences(recurrence, Date.parse('1996-01-01T00:00Z'), Date.parse(`${until}T00:00-05:00`))
  return found.map(({ local }) => local.slice(0, 16))
}

/** '1997-09 2,4 10-12' is the days 2, 4, 10, 11 and 12 of that month, at 9 o'clock. */
function days(...months: string[]): string[] {
  return months.flatMap((text) => {
    const [month = '', ...groups] = text.split(/[ ,]/)
    return groups.flatMap((group) => {
      const [first = 0, last = first] = group.split('-').map(Number)
      return Array.from(
        { length: last - first + 1 },
        (_, at) => `${month}-${String(first + at).padStart(2, '0')}T09:00`,
      )
    })
  })
}

const clock = (date: string, ...times: string[]) => times.map((time) => `${date}T${time}`)
const TWENTY_MINUTES = Array.from({ length: 24 }, (_, at) => {
  const minutes = 9 * 60 + 20 * at
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
})

type Example = { title: string; start?: string; rule: string; until?: string; except?: string[]; times: string[] }

const DAILY: Example[] = [
  { title: 'daily for 10 occurrences', rule: 'FREQ=DAILY;COUNT=10', times: days('1997-09 2-11') },
  {
    title: 'daily until 24 December 1997',
    rule: 'FREQ=DAILY;UNTIL=19971224T000000Z',
    times: days('1997-09 2-30', '1997-10 1-31', '1997-11 1-30', '1997-12 1-23'),
  },
  {
    title: 'every other day',
    rule: 'FREQ=DAILY;INTERVAL=2',
    until: '1997-10-05',
    times: days('1997-09 2,4,6,8,10,12,14,16,18,20,22,24,26,28,30', '1997-10 2,4'),
  },
  {
    title: 'every 10 days, 5 occurrences',
    rule: 'FREQ=DAILY;INTERVAL=10;COUNT=5',
    times: days('1997-09 2,12,22', '1997-10 2,12'),
  },
  {
    title: 'every day in January for 3 years, as a rule of years',
    start: '1998-01-01T09:00',
    rule: 'FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA',
    times: days('1998-01 1-31', '1999-01 1-31', '2000-01 1-31'),
  },
  {
    title: 'every day in January for 3 years, as a rule of days',
    start: '1998-01-01T09:00',
    rule: 'FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1',
    times: days('1998-01 1-31', '1999-01 1-31', '2000-01 1-31'),
  },
]

const WEEKLY: Example[] = [
  {
    title: 'weekly for 10 occurrences',
    rule: 'FREQ=WEEKLY;COUNT=10',
    times: days('1997-09 2,9,16,23,30', '1997-10 7,14,21,28', '1997-11 4'),
  },
  {
    title: 'weekly until 24 December 1997',
    rule: 'FREQ=WEEKLY;UNTIL=19971224T000000Z',
    times: days('1997-09 2,9,16,23,30', '1997-10 7,14,21,28', '1997-11 4,11,18,25', '1997-12 2,9,16,23'),
  },
  {
    title: 'every other week',
    rule: 'FREQ=WEEKLY;INTERVAL=2;WKST=SU',
    until: '1998-02-18',
    times: days('1997-09 2,16,30', '1997-10 14,28', '1997-11 11,25', '1997-12 9,23', '1998-01 6,20', '1998-02 3,17'),
  },
  ...['UNTIL=19971007T000000Z', 'COUNT=10'].map((end) => ({
    title: `weekly on Tuesday and Thursday for five weeks, by ${end}`,
    rule: `FREQ=WEEKLY;${end};WKST=SU;BYDAY=TU,TH`,
    times: days('1997-09 2,4,9,11,16,18,23,25,30', '1997-10 2'),
  })),
  {
    title: 'every other week on Monday, Wednesday and Friday until 24 December 1997',
    start: '1997-09-01T09:00',
    rule: 'FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR',
    times: days(
      ...['1997-09 1,3,5,15,17,19,29', '1997-10 1,3,13,15,17,27,29,31'],
      ...['1997-11 10,12,14,24,26,28', '1997-12 8,10,12,22'],
    ),
  },
  {
    title: 'every other week on Tuesday and Thursday, for 8 occurrences',
    rule: 'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH',
    times: days('1997-09 2,4,16,18,30', '1997-10 2,14,16'),
  },
  {
    title: 'where weeks begin on Monday',
    start: '1997-08-05T09:00',
    rule: 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
    times: days('1997-08 5,10,19,24'),
  },
  {
    title: 'where weeks begin on Sunday, which makes a difference',
    start: '1997-08-05T09:00',
    rule: 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
    times: days('1997-08 5,17,19,31'),
  },
]

const MONTHLY: Example[] = [
  {
    title: 'monthly on the first Friday for 10 occurrences',
    start: '1997-09-05T09:00',
    rule: 'FREQ=MONTHLY;COUNT=10;BYDAY=1FR',
    times: days(
      ...['1997-09 5', '1997-10 3', '1997-11 7', '1997-12 5', '1998-01 2'],
      ...['1998-02 6', '1998-03 6', '1998-04 3', '1998-05 1', '1998-06 5'],
    ),
  },
  {
    title: 'monthly on the first Friday until 24 December 1997',
    start: '1997-09-05T09:00',
    rule: 'FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR',
    times: days('1997-09 5', '1997-10 3', '1997-11 7', '1997-12 5'),
  },
  {
    title: 'every other month on the first and last Sunday for 10 occurrences',
    start: '1997-09-07T09:00',
    rule: 'FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU',
    times: days('1997-09 7,28', '1997-11 2,30', '1998-01 4,25', '1998-03 1,29', '1998-05 3,31'),
  },
  {
    title: 'monthly on the second-to-last Monday for 6 months',
    start: '1997-09-22T09:00',
    rule: 'FREQ=MONTHLY;COUNT=6;BYDAY=-2MO',
    times: days('1997-09 22', '1997-10 20', '1997-11 17', '1997-12 22', '1998-01 19', '1998-02 16'),
  },
  {
    title: 'monthly on the third-to-last day',
    start: '1997-09-28T09:00',
    rule: 'FREQ=MONTHLY;BYMONTHDAY=-3',
    until: '1998-03-01',
    times: days('1997-09 28', '1997-10 29', '1997-11 28', '1997-12 29', '1998-01 29', '1998-02 26'),
  },
  {
    title: 'monthly on the 2nd and 15th for 10 occurrences',
    rule: 'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15',
    times: days('1997-09 2,15', '1997-10 2,15', '1997-11 2,15', '1997-12 2,15', '1998-01 2,15'),
  },
  {
    title: 'monthly on the first and last day for 10 occurrences',
    start: '1997-09-30T09:00',
    rule: 'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1',
    times: days('1997-09 30', '1997-10 1,31', '1997-11 1,30', '1997-12 1,31', '1998-01 1,31', '1998-02 1'),
  },
  {
    title: 'every 18 months on the 10th to 15th for 10 occurrences',
    start: '1997-09-10T09:00',
    rule: 'FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15',
    times: days('1997-09 10-15', '1999-03 10-13'),
  },
  {
    title: 'every Tuesday, every other month',
    rule: 'FREQ=MONTHLY;INTERVAL=2;BYDAY=TU',
    until: '1998-04-01',
    times: days('1997-09 2,9,16,23,30', '1997-11 4,11,18,25', '1998-01 6,13,20,27', '1998-03 3,10,17,24,31'),
  },
  {
    title: 'every Friday the 13th, the first time left out',
    rule: 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
    until: '2000-12-01',
    except: ['1997-09-02T09:00'],
    times: days('1998-02 13', '1998-03 13', '1998-11 13', '1999-08 13', '2000-10 13'),
  },
  {
    title: 'the first Saturday that follows the first Sunday of the month',
    start: '1997-09-13T09:00',
    rule: 'FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13',
    until: '1998-06-14',
    times: days(
      ...['1997-09 13', '1997-10 11', '1997-11 8', '1997-12 13', '1998-01 10'],
      ...['1998-02 7', '1998-03 7', '1998-04 11', '1998-05 9', '1998-06 13'],
    ),
  },
  {
    title: 'the third Tuesday, Wednesday or Thursday of the next 3 months',
    start: '1997-09-04T09:00',
    rule: 'FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3',
    times: days('1997-09 4', '1997-10 7', '1997-11 6'),
  },
  {
    title: 'the second-to-last weekday of the month',
    start: '1997-09-29T09:00',
    rule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2',
    until: '1998-04-01',
    times: days('1997-09 29', '1997-10 30', '1997-11 27', '1997-12 30', '1998-01 29', '1998-02 26', '1998-03 30'),
  },
  {
    title: 'a date that there is not, 30 February, is passed over',
    start: '2007-01-15T09:00',
    rule: 'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5',
    times: days('2007-01 15,30', '2007-02 15', '2007-03 15,30'),
  },
]

const JULY_OF_2001 = ['1997', '1998', '1999', '2000', '2001'].flatMap((year) => days(`${year}-06 10`, `${year}-07 10`))

const YEARLY: Example[] = [
  {
    title: 'yearly in June and July for 10 occurrences',
    start: '1997-06-10T09:00',
    rule: 'FREQ=YEARLY;COUNT=10;BYMONTH=6,7',
    times: JULY_OF_2001,
  },
  {
    title: 'every other year in January, February and March for 10 occurrences',
    start: '1997-03-10T09:00',
    rule: 'FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3',
    times: [
      ...days('1997-03 10'),
      ...['1999', '2001', '2003'].flatMap((year) => days(`${year}-01 10`, `${year}-02 10`, `${year}-03 10`)),
    ],
  },
  {
    title: 'every third year on the 1st, 100th and 200th day for 10 occurrences',
    start: '1997-01-01T09:00',
    rule: 'FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200',
    times: days(
      ...['1997-01 1', '1997-04 10', '1997-07 19', '2000-01 1', '2000-04 9', '2000-07 18'],
      ...['2003-01 1', '2003-04 10', '2003-07 19', '2006-01 1'],
    ),
  },
  {
    title: 'every 20th Monday of the year',
    start: '1997-05-19T09:00',
    rule: 'FREQ=YEARLY;BYDAY=20MO',
    until: '2000-01-01',
    times: days('1997-05 19', '1998-05 18', '1999-05 17'),
  },
  {
    title: 'Monday of week number 20',
    start: '1997-05-12T09:00',
    rule: 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO',
    until: '2000-01-01',
    times: days('1997-05 12', '1998-05 11', '1999-05 17'),
  },
  {
    title: 'every Thursday in March',
    start: '1997-03-13T09:00',
    rule: 'FREQ=YEARLY;BYMONTH=3;BYDAY=TH',
    until: '2000-01-01',
    times: days('1997-03 13,20,27', '1998-03 5,12,19,26', '1999-03 4,11,18,25'),
  },
  {
    title: 'every Thursday, but only in June, July and August',
    start: '1997-06-05T09:00',
    rule: 'FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8',
    until: '2000-01-01',
    times: days(
      ...['1997-06 5,12,19,26', '1997-07 3,10,17,24,31', '1997-08 7,14,21,28'],
      ...['1998-06 4,11,18,25', '1998-07 2,9,16,23,30', '1998-08 6,13,20,27'],
      ...['1999-06 3,10,17,24', '1999-07 1,8,15,22,29', '1999-08 5,12,19,26'],
    ),
  },
  {
    title: 'every 4 years, the Tuesday after a Monday in November: U.S. Presidential Election day',
    start: '1996-11-05T09:00',
    rule: 'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
    until: '2005-01-01',
    times: days('1996-11 5', '2000-11 7', '2004-11 2'),
  },
]

const WITHIN_A_DAY: Example[] = [
  {
    // 17:00 in New York is 21:00 UTC: RFC erratum 3883.
    title: 'every 3 hours from 9:00 to 17:00 on one day',
    rule: 'FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z',
    times: clock('1997-09-02', '09:00', '12:00', '15:00'),
  },
  {
    title: 'every 15 minutes for 6 occurrences',
    rule: 'FREQ=MINUTELY;INTERVAL=15;COUNT=6',
    times: clock('1997-09-02', '09:00', '09:15', '09:30', '09:45', '10:00', '10:15'),
  },
  {
    title: 'every hour and a half for 4 occurrences',
    rule: 'FREQ=MINUTELY;INTERVAL=90;COUNT=4',
    times: clock('1997-09-02', '09:00', '10:30', '12:00', '13:30'),
  },
  ...[
    'FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40',
    'FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16',
  ].map((rule) => ({
    title: `every 20 minutes from 9:00 to 16:40 every day, by ${rule.slice(0, 13)}`,
    rule,
    until: '1997-09-04',
    times: [...clock('1997-09-02', ...TWENTY_MINUTES), ...clock('1997-09-03', ...TWENTY_MINUTES)],
  })),
]

describe('the examples of RFC 5545 §3.8.5.3', () => {
  test.each([...DAILY, ...WEEKLY, ...MONTHLY, ...YEARLY, ...WITHIN_A_DAY])('$title', (example) => {
    const { start = '1997-09-02T09:00', rule, until, except, times } = example
    expect(timesOf(start, rule, until, except)).toEqual(times)
  })
})

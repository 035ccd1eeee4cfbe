import type { LocationCreate } from '../locations/locations.schemas.ts'
import type { ProviderCreate } from '../providers/providers.schemas.ts'
import type { ServiceCreate } from '../services/services.schemas.ts'

export const DEMO_SLUG = 'demo'

/** How the owner of the demo business signs in. It exists on a person's own machine only. */
export const DEMO_LOGIN = { email: 'owner@demo.localhost', password: 'demo-password' }

export const DEMO_OWNER = 'Robin Falk'

export const DEMO_ORGANIZATION = {
  name: 'Kastanienhof Health',
  description: 'Medicine, movement and nutrition under one roof. A demo: everybody and everything here is made up.',
  timeZone: 'Europe/Berlin',
  locale: 'en',
  currency: 'EUR',
  accent: '#2f6f5e',
}

export const DEMO_LOCATIONS = {
  house: { kind: 'address', name: 'Kastanienhof', detail: 'Am Kastanienhof 4, 10999 Berlin' },
  video: { kind: 'video', name: 'Video call', detail: 'https://video.example.com/kastanienhof' },
} satisfies Record<string, LocationCreate>

export const DEMO_ROOMS = { name: 'Treatment room', quantity: 2 }

/** Parts of days, in minutes after midnight: weekdays are those of ISO 8601. */
const open = (weekdays: number[], ...windows: [number, number][]) =>
  weekdays.flatMap((weekday) => windows.map(([startMin, endMin]) => ({ weekday, startMin, endMin })))

type DemoProvider = Omit<ProviderCreate, 'scheduleId'> & {
  timeZone: string
  weekly: ReturnType<typeof open>
}

export type ProviderKey = 'clara' | 'samir' | 'jonas' | 'maya'

/** Everybody has a break at noon. */
export const DEMO_PROVIDERS: Record<ProviderKey, DemoProvider> = {
  clara: {
    name: 'Dr. Clara Voss',
    title: 'General medicine',
    email: 'clara@demo.localhost',
    timeZone: 'Europe/Berlin',
    weekly: [...open([1, 2, 3, 4], [480, 720], [780, 1020]), ...open([5], [480, 780])],
  },
  samir: {
    name: 'Dr. Samir Haddad',
    title: 'Sports medicine',
    email: 'samir@demo.localhost',
    timeZone: 'Europe/Berlin',
    weekly: [...open([1, 3, 5], [540, 750], [810, 1080]), ...open([2, 4], [600, 780], [840, 1140])],
  },
  jonas: {
    name: 'Jonas Brandt',
    title: 'Physiotherapy and yoga',
    email: 'jonas@demo.localhost',
    timeZone: 'Europe/Berlin',
    weekly: [...open([1, 3, 5], [480, 720], [780, 1020]), ...open([2, 4], [720, 960], [1050, 1200])],
  },
  maya: {
    name: 'Maya Ellison',
    title: 'Nutrition, by video from New York',
    email: 'maya@demo.localhost',
    timeZone: 'America/New_York',
    weekly: open([1, 2, 3, 4, 5], [480, 720], [780, 960]),
  },
}

/** Clara's working days from today that differ from the others: one short, one closed. */
export const DEMO_OVERRIDES = [
  { workingDay: 4, windows: [{ startMin: 480, endMin: 720 }] },
  { workingDay: 7, windows: [] },
]

/** The class is at six in the evening, Tuesdays and Thursdays. */
export const YOGA_HOURS = { name: 'Yoga', timeZone: 'Europe/Berlin', weekly: open([2, 4], [1080, 1140]) }

type DemoService = Omit<ServiceCreate, 'slug' | 'providers' | 'resources' | 'locationId' | 'scheduleId'> & {
  providers: ProviderKey[]
  place: keyof typeof DEMO_LOCATIONS
  needsRoom?: true
  atYogaHours?: true
}

export type ServiceKey = 'consultation' | 'video-follow-up' | 'physiotherapy' | 'yoga'

/** By slug, in the order of the booking page. */
export const DEMO_SERVICES: Record<ServiceKey, DemoService> = {
  consultation: {
    name: 'Consultation',
    description: 'Half an hour, or a full hour when there is more to talk about.',
    durationsMin: [30, 60],
    stepMin: 15,
    bufferAfterMin: 5,
    noticeMin: 60,
    cancelNoticeMin: 24 * 60,
    rescheduleNoticeMin: 12 * 60,
    colour: '#2f6f5e',
    providers: ['clara', 'samir', 'jonas'],
    place: 'house',
    questions: [
      { id: 'first_visit', label: 'Is this your first visit?', kind: 'choice', required: true, choices: ['Yes', 'No'] },
      { id: 'reason', label: 'What is it about?', kind: 'long_text', required: false },
    ],
  },
  'video-follow-up': {
    name: 'Follow-up by video',
    description: 'A short look at how things are going, wherever you are.',
    durationsMin: [20],
    stepMin: 20,
    noticeMin: 30,
    colour: '#3f5fa8',
    providers: ['maya', 'clara'],
    place: 'video',
  },
  physiotherapy: {
    name: 'Physiotherapy',
    description: 'Hands-on treatment in one of our two rooms.',
    durationsMin: [45],
    stepMin: 15,
    bufferAfterMin: 15,
    noticeMin: 120,
    cancelNoticeMin: 24 * 60,
    rescheduleNoticeMin: 24 * 60,
    priceMinor: 6800,
    colour: '#a8553f',
    providers: ['jonas', 'samir'],
    place: 'house',
    needsRoom: true,
  },
  yoga: {
    name: 'Yoga class',
    description: 'An hour for up to twelve people, Tuesday and Thursday evenings. Mats are here.',
    durationsMin: [60],
    stepMin: 60,
    noticeMin: 60,
    windowDays: 30,
    capacity: 12,
    priceMinor: 1500,
    colour: '#7a4fa0',
    providers: ['jonas'],
    place: 'house',
    atYogaHours: true,
  },
}

/** Name, language, time zone. */
export const DEMO_CUSTOMERS: [name: string, locale: string, timeZone: string][] = [
  ['Amelie Krüger', 'de', 'Europe/Berlin'],
  ['Ben Osei', 'en', 'Europe/London'],
  ['Carla Mendes', 'es', 'Europe/Madrid'],
  ['David Nowak', 'de', 'Europe/Berlin'],
  ['Elif Yıldız', 'de', 'Europe/Berlin'],
  ['Felix Baumann', 'de', 'Europe/Berlin'],
  ['Grace O’Connell', 'en', 'America/New_York'],
  ['Hana Suzuki', 'en', 'Asia/Tokyo'],
  ['Idris Benali', 'fr', 'Europe/Paris'],
  ['Johanna Weiß', 'de', 'Europe/Berlin'],
  ['Karim Mansour', 'ar', 'Europe/Berlin'],
  ['Léa Dubois', 'fr', 'Europe/Paris'],
  ['Mateo Fernández', 'es', 'Europe/Madrid'],
  ['Nora Lindholm', 'en', 'Europe/Stockholm'],
  ['Oskar Peters', 'de', 'Europe/Berlin'],
  ['Priya Raman', 'en', 'Europe/Berlin'],
  ['Quentin Moreau', 'fr', 'Europe/Brussels'],
  ['Rosa Castellanos', 'es', 'America/Mexico_City'],
  ['Stefan Huber', 'de', 'Europe/Vienna'],
  ['Tessa van Dijk', 'en', 'Europe/Amsterdam'],
]

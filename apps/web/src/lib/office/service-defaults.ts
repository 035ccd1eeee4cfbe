import type { Service } from './types.ts'

/** What the form of a new service begins with: half an hour, one person, a day's notice to change it. */
export const NEW_SERVICE: Omit<Service, 'id' | 'providers' | 'position' | 'currency' | 'location'> = {
  name: '',
  slug: '',
  description: '',
  colour: '#2f6f5e',
  durationsMin: [30],
  stepMin: 15,
  bufferBeforeMin: 0,
  bufferAfterMin: 0,
  noticeMin: 120,
  windowDays: 60,
  capacity: 1,
  cancelNoticeMin: 1440,
  rescheduleNoticeMin: 1440,
  priceMinor: 0,
  questions: [],
  resources: [],
  hidden: false,
  scheduleId: null,
  locationId: null,
}

import type { Service } from './types.ts'

/** What the form of a service shows. */
export type ServiceDraft = Omit<Service, 'id' | 'providers' | 'position' | 'currency' | 'location'>

/** So many limits the API takes. */
export const SERVICE_LIMITS_MOST = 12

/** What the form of a new service begins with: half an hour, one person, a day's notice to change it. */
export const NEW_SERVICE: ServiceDraft = {
  name: '',
  slug: '',
  description: '',
  colour: '#2f6f5e',
  durationsMin: [30],
  stepMin: 15,
  bufferBeforeMin: 0,
  bufferAfterMin: 0,
  noticeMin: 120,
  stepOffsetMin: 0,
  stepFrom: 'window',
  windowKind: 'days',
  windowFrom: null,
  windowTo: null,
  usefulGapMin: null,
  firstOfDay: false,
  limits: [],
  segmentsMin: [],
  windowDays: 60,
  capacity: 1,
  cancelNoticeMin: 1440,
  rescheduleNoticeMin: 1440,
  approval: 'none',
  noShowLimit: null,
  priceMinor: 0,
  questions: [],
  resources: [],
  hidden: false,
  scheduleId: null,
  locationId: null,
}

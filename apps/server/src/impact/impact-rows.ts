/** Somebody or something whose hours matter, as it is kept. */
export type SubjectRow = {
  id: string
  name: string
  active: boolean
  quantity: number
  scheduleId: string | null
}

/** A booking to come, and what it takes of those who are asked about; times without buffers. */
export type BookedRow = {
  id: string
  serviceId: string
  serviceScheduleId: string | null
  service: string
  provider: string
  customer: string
  startsAt: Date
  endsAt: Date
  taken: { subjectId: string; unit: number; startMs: number; endMs: number; beforeMin: number; afterMin: number }[]
}

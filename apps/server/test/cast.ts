import type { Database } from '../src/db/database.ts'
import { withTenant } from '../src/db/tenant.ts'
import { newId } from '../src/shared/id.ts'

/** Who and what is in a world: a practice in Berlin, open Monday to Friday from 9 to 17. */
export type Cast = {
  organizationId: string
  slug: string
  /** 30 minutes, by Ada or Ben */
  consultation: { id: string; slug: string }
  /** 30 minutes by Ada or Ben, and one of two rooms */
  treatment: { id: string; slug: string }
  /** 60 minutes with Ada, three seats */
  course: { id: string; slug: string }
  ada: { id: string; email: string }
  ben: { id: string; email: string }
  /** one resource of quantity 2 */
  rooms: { id: string }
}

/** Adds one business to the database. */
export async function fill({ kysely }: Database, nowMs: number, slug = 'practice'): Promise<Cast> {
  const id = () => newId(nowMs)
  const organizationId = id()
  const cast: Cast = {
    organizationId,
    slug,
    consultation: { id: id(), slug: 'consultation' },
    treatment: { id: id(), slug: 'treatment' },
    course: { id: id(), slug: 'course' },
    ada: { id: id(), email: 'ada@example.com' },
    ben: { id: id(), email: 'ben@example.com' },
    rooms: { id: id() },
  }
  const key = { organizationId }
  await withTenant({ kysely }, organizationId, async (tx) => {
    const organization = {
      id: organizationId,
      name: 'The Practice',
      timeZone: 'Europe/Berlin',
      locale: 'en',
      currency: 'EUR',
    }
    await tx.insertInto('organization').values(organization).execute()
    await tx
      .insertInto('organizationSlug')
      .values({ ...key, slug: cast.slug })
      .execute()
    const scheduleId = id()
    await tx
      .insertInto('schedule')
      .values({ ...key, id: scheduleId, name: 'Hours', timeZone: 'Europe/Berlin' })
      .execute()
    const week = [1, 2, 3, 4, 5].map((weekday) => ({ ...key, scheduleId, weekday, startMin: 540, endMin: 1020 }))
    await tx.insertInto('scheduleWindow').values(week).execute()
    const people = [cast.ada, cast.ben]
    await tx
      .insertInto('subject')
      .values(people.map((person) => ({ ...key, id: person.id, kind: 'provider' })))
      .execute()
    await tx
      .insertInto('subject')
      .values({ ...key, id: cast.rooms.id, kind: 'resource' })
      .execute()
    const names = ['Ada', 'Ben']
    const providers = people.map((person, position) => ({
      ...key,
      ...person,
      name: names[position] ?? '',
      scheduleId,
      position,
    }))
    await tx.insertInto('provider').values(providers).execute()
    await tx
      .insertInto('resource')
      .values({ ...key, id: cast.rooms.id, name: 'Room', quantity: 2 })
      .execute()
    const base = { ...key, stepMin: 30, currency: 'EUR', priceMinor: 5000, windowDays: 60 }
    const services = [
      { ...base, ...cast.consultation, name: 'Consultation', durationsMin: [30, 60] },
      { ...base, ...cast.treatment, name: 'Treatment', durationsMin: [30], bufferAfterMin: 10 },
      { ...base, ...cast.course, name: 'Course', durationsMin: [60], stepMin: 60, capacity: 3 },
    ]
    await tx.insertInto('service').values(services).execute()
    const needs = [
      { service: cast.consultation, position: 0, kind: 'provider', subjects: people },
      { service: cast.treatment, position: 0, kind: 'provider', subjects: people },
      { service: cast.treatment, position: 1, kind: 'resource', subjects: [cast.rooms] },
      { service: cast.course, position: 0, kind: 'provider', subjects: [cast.ada] },
    ]
    for (const { service, position, kind, subjects } of needs) {
      const requirement = { ...key, serviceId: service.id, position }
      await tx
        .insertInto('requirement')
        .values({ ...requirement, kind })
        .execute()
      await tx
        .insertInto('requirementSubject')
        .values(subjects.map((subject) => ({ ...requirement, subjectId: subject.id })))
        .execute()
    }
  })
  return cast
}

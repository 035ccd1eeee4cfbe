import type { FastifyInstance } from 'fastify'
import type { Availability } from '../availability/availability.service.ts'
import { replicaLagS, type Database } from '../db/database.ts'
import { watchFigure } from '../observe/process-metrics.ts'

/** Tells, as long as the application lives, how much of what was read is kept in memory, and how old a replica is. */
export function watchMemory(app: FastifyInstance, { availability, db }: { availability: Availability; db: Database }) {
  const ends = [
    watchFigure(
      'slotkeeper_availability_answer_characters',
      'Answers to questions for free times that are kept in memory, in characters.',
      () => availability.memory.answerCharacters,
    ),
    watchFigure(
      'slotkeeper_availability_services',
      'Services that are kept in memory.',
      () => availability.memory.services,
    ),
    watchFigure(
      'slotkeeper_availability_claims',
      'Claims that are kept in memory: what is taken of people and things.',
      () => availability.memory.claims,
    ),
    watchFigure('slotkeeper_replica_lag_seconds', 'How far the replica is behind; none where there is none.', () =>
      replicaLagS(db),
    ),
  ]
  app.addHook('onClose', async () => ends.forEach((end) => end()))
}

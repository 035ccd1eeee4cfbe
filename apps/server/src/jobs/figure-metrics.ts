import { Gauge } from 'prom-client'
import type { Database } from '../db/database.ts'
import { listFigures, type Figure, type FIGURES } from '../figures/figures.service.ts'
import { registry } from '../observe/metrics.ts'

const HELP: Record<keyof typeof FIGURES, string> = {
  organizations: 'Businesses.',
  bookings_to_come: 'Appointments that are still to come.',
  bookings_of_30_days: 'Appointments of the last 30 days, by what became of them.',
  wishes_open: 'Who is on a waiting list: waiting, or with an offer.',
  messages_unsent: 'Messages that wait to be sent, and those that were given up.',
}

/**
 * Tells what was counted over all organizations, a quarter of an hour old at most. Every worker tells the same.
 * @returns what ends it
 */
export function watchFigures(deps: { db: Database }): () => void {
  let asked: Promise<Figure[]> | undefined
  // One question for all of them. Without a database there are no figures, which is a sign of its own.
  const ask = () => {
    asked ??= listFigures(deps)
      .catch(() => [])
      .finally(() => (asked = undefined))
    return asked
  }
  const names = Object.entries(HELP).map(([figure, help]) => {
    const name = `slotkeeper_${figure}`
    registry.removeSingleMetric(name)
    new Gauge({
      ...{ name, help, labelNames: ['state'], registers: [registry], aggregator: 'max' },
      async collect() {
        const figures = await ask()
        this.reset()
        for (const found of figures) if (found.name === figure) this.set({ state: found.label }, found.value)
      },
    })
    return name
  })
  return () => names.forEach((name) => registry.removeSingleMetric(name))
}

import type { Config } from '../config/config.ts'
import { describeRisks, refusedRisks, risksOf, risksOfUser } from '../config/safety.ts'
import { readDatabaseUser } from '../db/database-user.ts'
import { CommandError } from './command.ts'

/** @throws {CommandError} when this is a production with a risk that nobody has accepted */
export async function refuseUnsafe(config: Config): Promise<void> {
  refuse(config, risksOf(config))
  if (config.environment === 'production' && !config.acceptedRisks.has('database-owner'))
    refuse(config, risksOfUser(await readDatabaseUser(config.databaseUrl)))
}

function refuse(config: Config, risks: Parameters<typeof describeRisks>[0]): void {
  const refused = refusedRisks(config, risks)
  if (refused.length > 0) throw new CommandError(describeRisks(refused))
}

import { Client } from 'pg'
import { startEmbeddedPostgres } from './embedded-postgres.ts'

// Run by the tests as a process of its own: starts PostgreSQL in the folder of the first argument and waits to be killed.
const { ownerUrl } = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '' })
const client = new Client({ connectionString: ownerUrl })
await client.connect()
await client.query(`create table kept as select 'yes' as answer`)
process.send?.('ready')
setInterval(() => undefined, 60_000)

import { readEnvironment } from '../config/environment.ts'
import { seedEmpty } from '../demo/demo.service.ts'
import { CommandError, defineCommand, JSON_OPTION } from './command.ts'

export const command = defineCommand({
  help: `
Makes the demo business in an empty database: providers in two time zones, a class with seats, a service that needs a
room, and appointments around today. No person in it is real, and no mail is sent. For staging: a production refuses it.

  node apps/server/src/main.ts seed

  --json  {"email", "password", "page"}

The owner's password is made anew and printed once. It reads DATABASE_URL and PUBLIC_URL.
`,
  options: JSON_OPTION,
  async run({ output }) {
    const config = readEnvironment()
    if (config.environment === 'production')
      throw new CommandError('This is a production: set ENVIRONMENT=staging where demo data belongs')
    output.progress('Making the demo business')
    const made = await seedEmpty(config)
    if (!made) throw new CommandError('The database has a business already: seed fills an empty one only')
    const page = `${config.publicUrl}/${made.slug}`
    const { email, password } = made
    output.tell({ email, password, page }, `Booking page: ${page}\nBack office: ${email}, password ${password}`)
    return 0
  },
})

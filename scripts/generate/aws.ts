import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { costsPage } from '../../deploy/aws/costs/page.ts'
import { ROOT } from '../shared/run-command.ts'

// Writes what is computed from the AWS templates: the operators' page of costs.
await writeFile(join(ROOT, 'docs/operate/aws-costs.md'), await costsPage())

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DASHBOARDS, toGrafana } from '../../deploy/monitoring/grafana/dashboards.ts'
import { ROOT } from '../shared/run-command.ts'

// Writes the dashboards as Grafana reads them.
const folder = join(ROOT, 'deploy/monitoring/grafana/dashboards')
await mkdir(folder, { recursive: true })
for (const dashboard of DASHBOARDS)
  await writeFile(join(folder, `${dashboard.uid}.json`), `${JSON.stringify(toGrafana(dashboard), null, 2)}\n`)

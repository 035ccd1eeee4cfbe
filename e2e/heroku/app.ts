import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

type ConfigVar = { description?: string; value?: string; generator?: 'secret'; required?: boolean }

/** The parts of app.json that are read here. */
type Manifest = {
  env: Record<string, ConfigVar>
  addons: { plan: string }[]
  formation: Record<string, { quantity: number }>
}

export type App = { processes: Record<string, string>; manifest: Manifest }

/** Reads what the repository tells the platform of itself. */
export async function readApp(folder: string): Promise<App> {
  const procfile = await readFile(join(folder, 'Procfile'), 'utf8')
  const lines = procfile.split('\n').filter((line) => /^[\w-]+: /.test(line))
  const processes = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const)
  const manifest = JSON.parse(await readFile(join(folder, 'app.json'), 'utf8')) as Manifest
  return { processes: Object.fromEntries(processes), manifest }
}

/** The config vars of a new app: what app.json says, what the platform makes, and what whoever sets it up must give. */
export function configVars({ manifest }: App, given: Record<string, string>): Record<string, string> {
  const vars: Record<string, string> = {}
  for (const [name, { value, generator }] of Object.entries(manifest.env)) {
    // As the platform's documentation has it: 64 characters of hexadecimal digits.
    if (generator === 'secret') vars[name] = randomBytes(32).toString('hex')
    else if (value !== undefined) vars[name] = value
  }
  const all = { ...vars, ...given }
  const missing = Object.entries(manifest.env).filter(([name, { required }]) => required && !all[name])
  if (missing.length > 0) throw new Error(`config vars are missing: ${missing.map(([name]) => name).join()}`)
  return all
}

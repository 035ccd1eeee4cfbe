import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { answerHelp } from '../apps/server/src/shared/command-help.ts'
import { ROOT, runCommand } from './shared/run-command.ts'

answerHelp(`
Writes what goes along with the product (CycloneDX 1.5, JSON) into build/sbom.cdx.json.

  npm run sbom
`)

const FILE = 'build/sbom.cdx.json'

type Bom = { bomFormat: string; components: { name: string; version: string }[] }

// A peer that is optional, and that the product has in another version, is an error to npm unless it is told.
const flags = ['--package-lock-only', '--legacy-peer-deps', '--omit=dev', '--sbom-format=cyclonedx']
const { ok, output } = await runCommand('npm', ['sbom', '--loglevel=silent', ...flags])
if (ok) {
  const { components } = JSON.parse(output) as Bom
  await mkdir(dirname(join(ROOT, FILE)), { recursive: true })
  await writeFile(join(ROOT, FILE), output)
  console.log(`${FILE}: ${components.length} components`)
} else {
  console.error(output)
  process.exitCode = 1
}

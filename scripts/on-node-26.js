// Runs a TypeScript entry in this process: node scripts/on-node-26.js <entry.ts> [arguments]
// npm puts the Node.js 26 of node_modules first on the path. Where its install script did not run, an older Node.js of
// the system takes its place without a word, and could not even read this project's files; so this file is plain JavaScript.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const found = process.versions.node
if (!found.startsWith('26.')) {
  console.error(
    `Slotkeeper needs Node.js 26, and this is ${found}. Start it with npm (npm start, npm test, npm run ...) after ` +
      '`npm ci`, which installs Node.js 26 into node_modules (not with --ignore-scripts), or install Node.js 26.',
  )
  process.exit(1)
}

const entry = resolve(process.argv[2] ?? '')
process.argv.splice(1, 2, entry)
await import(pathToFileURL(entry).href)

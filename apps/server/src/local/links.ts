import { relative } from 'node:path'
import type { LocalRun } from './start-local.ts'

/** What a person wants to open after the start, and how to sign in there. */
export function formatLinks({ web, mailInbox, demo, dataDir }: LocalRun, seconds: string): string {
  const links = [
    ['Booking page', `${web}/demo`],
    ['Back office', `${web}/app`],
    ...(demo ? [['', `sign in as ${demo.email} with the password ${demo.password}`]] : []),
    ...(mailInbox ? [['Mail inbox', `${mailInbox} (mails stay here, none goes out)`]] : []),
    ['API', `${web}/api/docs`],
  ]
  const lines = links.map(([name = '', value = '']) => `  ${name.padEnd(14)}${value}`)
  const folder = relative(process.cwd(), dataDir) || dataDir
  return `\nSlotkeeper is ready after ${seconds} s\n\n${lines.join('\n')}\n\n  Its data is kept in ${folder}. Ctrl-C stops it.\n`
}

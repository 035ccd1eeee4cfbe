import type { Command } from './command.ts'

/** A command by its name, of one or two words; what it needs is loaded when it is used. */
export type Entry = { name: string; summary: string; load: () => Promise<{ command: Command }> }

/** Every command, in the order in which an operator meets it. */
export const COMMANDS: readonly Entry[] = [
  { name: 'web', summary: 'serves the API and the pages', load: () => import('./web.command.ts') },
  { name: 'worker', summary: 'sends what is queued and does what is due', load: () => import('./worker.command.ts') },
  {
    name: 'doctor',
    summary: 'looks at everything that the installation needs',
    load: () => import('./doctor.command.ts'),
  },
  {
    name: 'migrate up',
    summary: 'brings the schema to the newest version',
    load: () => import('./migrate-up.command.ts'),
  },
  {
    name: 'migrate down',
    summary: 'takes back the newest migrations',
    load: () => import('./migrate-down.command.ts'),
  },
  {
    name: 'migrate status',
    summary: 'says which migrations have run',
    load: () => import('./migrate-status.command.ts'),
  },
  {
    name: 'migrate create',
    summary: 'begins a new migration, for developers',
    load: () => import('./migrate-create.command.ts'),
  },
  {
    name: 'audit verify',
    summary: 'checks the sealed chains of the audit trail',
    load: () => import('./audit-verify.command.ts'),
  },
  {
    name: 'audit export',
    summary: 'writes the audit trail as JSON Lines, or checks such a file',
    load: () => import('./audit-export.command.ts'),
  },
  {
    name: 'audit drop',
    summary: 'drops the months of the trail that are old enough',
    load: () => import('./audit-drop.command.ts'),
  },
  { name: 'backup', summary: 'writes all of the database into a file', load: () => import('./backup.command.ts') },
  { name: 'restore', summary: 'brings back what backup has written', load: () => import('./restore.command.ts') },
  {
    name: 'check-restored',
    summary: 'looks whether a restored database is whole',
    load: () => import('./check-restored.command.ts'),
  },
  {
    name: 'maintenance on',
    summary: 'closes the installation to visitors',
    load: () => import('./maintenance-on.command.ts'),
  },
  {
    name: 'maintenance off',
    summary: 'opens it again',
    load: () => import('./maintenance-off.command.ts'),
  },
  {
    name: 'maintenance status',
    summary: 'says whether it is closed',
    load: () => import('./maintenance-status.command.ts'),
  },
  { name: 'retention', summary: 'says what is kept for how long', load: () => import('./retention.command.ts') },
  {
    name: 'rotate-secret',
    summary: 'makes a new SECRET_KEY and tells how to exchange it',
    load: () => import('./rotate-secret.command.ts'),
  },
  {
    name: 'config export',
    summary: 'writes the settings, without secrets',
    load: () => import('./config-export.command.ts'),
  },
  {
    name: 'config diff',
    summary: 'compares the settings of two installations',
    load: () => import('./config-diff.command.ts'),
  },
  { name: 'health', summary: 'asks the web process of this machine', load: () => import('./health.command.ts') },
  {
    name: 'smoke',
    summary: 'asks a running installation what its visitors ask',
    load: () => import('./smoke.command.ts'),
  },
  {
    name: 'staging-access',
    summary: 'makes a password for somebody who may see a staging',
    load: () => import('./staging-access.command.ts'),
  },
  {
    name: 'sign-up-link',
    summary: 'makes a link by which somebody makes an account',
    load: () => import('./sign-up-link.command.ts'),
  },
  { name: 'seed', summary: 'makes the demo business, for staging', load: () => import('./seed.command.ts') },
]

import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Domains that nobody can have (RFC 2606, RFC 6761). */
const NOBODYS = /(?:^|\.)(?:localhost|invalid|test|example|example\.(?:com|net|org))$/

test('no address of the demo business belongs to anybody, and nobody in it has a telephone', async () => {
  const files = await Array.fromAsync(glob('*.ts', { cwd: import.meta.dirname }))
  const texts = await Promise.all(
    files.filter((file) => !file.endsWith('.test.ts')).map((file) => readFile(join(import.meta.dirname, file), 'utf8')),
  )
  const text = texts.join('\n')
  const hosts = [...text.matchAll(/@([a-z0-9-]+(?:\.[a-z0-9-]+)+)|https?:\/\/([a-z0-9.-]+)/g)].map(
    ([, mail, page]) => mail ?? page ?? '',
  )
  expect(hosts.length).toBeGreaterThan(3)
  expect(hosts.filter((host) => !NOBODYS.test(host))).toEqual([])
  expect(text).not.toMatch(/\+\d[\d ]{6,}/)
})

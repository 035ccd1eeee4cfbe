import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { paginateListObjectsV2, PutObjectCommand } from '@aws-sdk/client-s3'
import { lookup } from 'mrmime'
import { STATIC_PREFIX } from '../stacks/edge.ts'
import type { Aws } from './aws.ts'
import { NoRelease } from './outcome.ts'

/** The names change with what is in the files. */
const KEPT = 'public, max-age=31536000, immutable'
const AT_ONCE = 8

/**
 * Puts files of a version beside those of the versions before, which pages that are open still ask for. What is there is
 * there: a name stands for what is in the file.
 * @param folder  what stands under STATIC_PREFIX
 * @returns how many came; undefined when there is no bucket yet, and CloudFront with it
 */
export async function uploadFiles({ s3 }: Aws, bucket: string, folder: string): Promise<number | undefined> {
  const there = await keysIn(s3, bucket)
  if (!there) return undefined
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const missing = files
    // CloudFront compresses by itself.
    .filter((file) => !/\.(br|gz)$/.test(file))
    .map((file) => ({ file, Key: STATIC_PREFIX + relative(folder, file).split(sep).join('/') }))
    .filter(({ Key }) => !there.has(Key))
  const work = missing.values()
  const upload = async () => {
    for (const { file, Key } of work)
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key,
          Body: await readFile(file),
          ContentType: typeOf(file),
          CacheControl: KEPT,
        }),
      )
  }
  await Promise.all(Array.from({ length: AT_ONCE }, upload))
  return missing.length
}

async function keysIn(client: Aws['s3'], Bucket: string): Promise<Set<string | undefined> | undefined> {
  const keys = new Set<string | undefined>()
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: STATIC_PREFIX }))
      for (const { Key } of Contents) keys.add(Key)
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucket') return undefined
    throw error
  }
  return keys
}

/** Text is UTF-8. @throws {NoRelease} for a kind of file that nobody knows: browsers would guess */
function typeOf(file: string): string {
  const type = lookup(file)
  if (!type) throw new NoRelease(`${file} has no known type`)
  return type.startsWith('text/') ? `${type}; charset=utf-8` : type
}

import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { failed, ok, warning, type Finding } from '../shared/finding.ts'

export type DiskFacts = { folder: string; freeBytes: number; totalBytes: number }

const GIB = 1024 ** 3
const FEW_BYTES = GIB
const TOO_FEW_BYTES = GIB / 8

/** The disks of the folders that this process writes to; of a folder that is not there yet, nothing. */
export async function checkDisk(backupFolder: string): Promise<Finding[]> {
  const folders = new Set([process.cwd(), tmpdir(), backupFolder])
  const facts = await Promise.all([...folders].map(readDisk))
  return facts.flatMap((disk) => (disk ? [judgeDisk(disk)] : []))
}

/** Whether there is room left: a full disk stops PostgreSQL, Redis and backups that are on it. */
export function judgeDisk({ folder, freeBytes, totalBytes }: DiskFacts): Finding {
  const name = `disk of ${folder}`
  const percent = Math.floor((freeBytes / totalBytes) * 100)
  const found = `${(freeBytes / GIB).toFixed(1)} GiB free of ${(totalBytes / GIB).toFixed(1)} (${percent} %)`
  const fix = 'Remove what is not needed, such as old backups and images, or add space.'
  if (freeBytes < TOO_FEW_BYTES) return failed(name, found, fix)
  return freeBytes < FEW_BYTES || percent < 5 ? warning(name, found, fix) : ok(name, found)
}

async function readDisk(folder: string): Promise<DiskFacts | undefined> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    return { folder, freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

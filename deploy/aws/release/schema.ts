/** Names of migrations with what their files say, oldest first. */
export type Migrations = ReadonlyMap<string, string>

/** @returns those that the version that runs would not survive */
export function deadly(files: Migrations, waiting: readonly string[]): string[] {
  return waiting.filter((name) => !/Last release: (survives|there is none)/.test(headOf(files, name)))
}

/**
 * Whether migrations can be taken back: they are the newest of the database, as they stand, and lose nothing.
 * @param applied  all of the database, oldest first
 */
export function canTakeBack(files: Migrations, applied: readonly string[], migrations: readonly string[]): boolean {
  const areNewest = applied.slice(-migrations.length).join() === migrations.join()
  return areNewest && migrations.every((name) => /Going back: loses nothing/.test(headOf(files, name)))
}

/** The head of a migration speaks for it, over several lines. */
function headOf(files: Migrations, name: string): string {
  return (files.get(name) ?? '').replaceAll(/\n-- /g, ' ')
}

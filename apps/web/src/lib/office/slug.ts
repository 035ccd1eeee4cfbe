const MAX_LENGTH = 48

/** Suggests an address for a name: lower case, letters without marks, words joined by hyphens. Empty when nothing is left. */
export function slugFrom(name: string): string {
  return name
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replaceAll(/^-+|-+$/g, '')
}

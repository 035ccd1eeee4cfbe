/** A registry takes no capital letters; the owner of a repository may have some. */
export function imageName(image: string): string {
  return image.toLowerCase()
}

/**
 * The tags of a version: a release is also the newest of its minor and major version, and of all; anything else, such as a
 * commit or v1.2.3-rc.1, is only itself.
 */
export function tagsOf(version: string): string[] {
  const [, major, minor] = /^v(\d+)\.(\d+)\.\d+$/.exec(version) ?? []
  return major === undefined ? [version] : [version, `v${major}.${minor ?? ''}`, `v${major}`, 'latest']
}

/** Gives the address of the page on which an account is made, where only such a link lets people in. */
export type LinkFor = (email: string) => Promise<string>

const PASSWORD = 'correct horse battery'

/** What the owner of a business sends to make an account, with a link when it takes one. */
export async function newOwner(slug: string, linkFor?: LinkFor) {
  const email = `owner-${slug}@example.com`
  const link = linkFor && new URL(await linkFor(email))
  return { name: 'The owner', email, password: PASSWORD, token: link?.searchParams.get('token') ?? undefined }
}

/** Gets links as an operator does, by the command, in a container of the application. */
export function linkBy({ compose }: { compose: (...args: string[]) => Promise<string> }): LinkFor {
  return async (email) => {
    const command = ['node', 'apps/server/src/main.ts', 'sign-up-link', email, '--json']
    return linkIn(await compose('exec', '-T', 'app', ...command))
  }
}

/** The link in what the command sign-up-link prints as JSON. */
export function linkIn(json: string): string {
  return (JSON.parse(json) as { url: string }).url
}

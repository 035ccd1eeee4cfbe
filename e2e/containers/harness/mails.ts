/** A mail in the inbox of the profile `mail`. */
export type Received = { to: string; subject: string; text: string }

type Told = { to?: { address: string }[]; subject?: string; text?: string }

/** What lies in the inbox that is read at a port of this machine. */
export async function mailsIn(port: number): Promise<Received[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/email`)
  if (!answer.ok) throw new Error(`the inbox answered ${answer.status}`)
  const told = (await answer.json()) as Told[]
  return told.map(({ to = [], subject = '', text = '' }) => ({
    to: to.map(({ address }) => address).join(' '),
    subject,
    text,
  }))
}

import { createHmac, timingSafeEqual } from 'node:crypto'

type Keys = { secretKey: string; secretKeyPrevious: string | undefined }

/** The cookies of ours that are signed: a value, a dot, and the keyed hash of the value in base64. */
const SIGNED = /^(\s*(?:__Secure-)?slotkeeper\.[\w.]+=)(.+)$/

/**
 * While keys are exchanged, whoever signed in under the previous key stays signed in: what it has signed is signed anew
 * before the library, which knows one key, sees it. Cookies that neither key has signed are left as they are, and refused.
 */
export function createResigner({ secretKey, secretKeyPrevious }: Keys): (headers: Headers) => Headers {
  if (secretKeyPrevious === undefined) return (headers) => headers
  return (headers) => {
    const cookie = headers.get('cookie')
    if (cookie === null) return headers
    const resigned = new Headers(headers)
    resigned.set('cookie', cookie.split(';').map(resign).join(';'))
    return resigned
  }

  function resign(pair: string): string {
    const [, name, text] = SIGNED.exec(pair) ?? []
    const signed = text === undefined ? undefined : decode(text)
    if (name === undefined || signed === undefined) return pair
    const dot = signed.lastIndexOf('.')
    const value = signed.slice(0, dot)
    const mac = signed.slice(dot + 1)
    if (dot < 1 || !isEqual(mac, macOf(secretKeyPrevious ?? '', value))) return pair
    return `${name}${encodeURIComponent(`${value}.${macOf(secretKey, value)}`)}`
  }
}

function macOf(key: string, value: string): string {
  return createHmac('sha256', key).update(value).digest('base64')
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** @returns undefined when it cannot be decoded */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

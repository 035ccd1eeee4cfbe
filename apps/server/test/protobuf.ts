/** A message of Protocol Buffers as it goes over the wire: the values of each field by its number. */
export type Message = Map<number, (bigint | Buffer)[]>

/** Reads a message without knowing its schema. @see https://protobuf.dev/programming-guides/encoding/ */
export function readMessage(bytes: Buffer): Message {
  const fields: Message = new Map()
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(bytes.readUInt8(at++))
      value |= (byte & 0x7fn) << shift
      if (byte < 0x80n) return value
    }
  }
  const take = (length: number) => bytes.subarray(at, (at += length))
  while (at < bytes.length) {
    const tag = varint()
    const wire = Number(tag & 7n)
    const value = wire === 0 ? varint() : take(wire === 2 ? Number(varint()) : wire === 1 ? 8 : 4)
    const field = Number(tag >> 3n)
    fields.set(field, [...(fields.get(field) ?? []), value])
  }
  return fields
}

export function messagesIn(message: Message, field: number): Message[] {
  return (message.get(field) ?? []).map((value) => readMessage(value as Buffer))
}

export function textIn(message: Message, field: number): string {
  return (message.get(field)?.[0] as Buffer | undefined)?.toString() ?? ''
}

export function hexIn(message: Message, field: number): string {
  return (message.get(field)?.[0] as Buffer | undefined)?.toString('hex') ?? ''
}

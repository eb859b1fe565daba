import type { StreamFrame, TopicMessageJson } from '#api'

export type MessageFrame = Extract<StreamFrame, { type: 'message' }>

/** Bytes of a payload that leave the hub. */
export const MOST_KNOWN = 65_536

export function messageOf({ payload, encoding, at, qos, retain, size, client }: MessageFrame): TopicMessageJson {
  return { payload, encoding, at, qos, retain, size, client }
}

/** The same message, told twice: a stream begins with what is retained, and the tree cuts payloads. */
export function isSameMessage(one: TopicMessageJson, other: TopicMessageJson): boolean {
  const length = Math.min(one.payload.length, other.payload.length)
  return (
    one.at === other.at &&
    one.size === other.size &&
    one.encoding === other.encoding &&
    one.payload.slice(0, length) === other.payload.slice(0, length)
  )
}

/** The bytes of a payload, as far as it is known here. */
export function bytesOf({ payload, encoding }: Pick<TopicMessageJson, 'payload' | 'encoding'>): Uint8Array {
  if (encoding === 'utf8') return new TextEncoder().encode(payload)
  return Uint8Array.from(atob(payload), character => character.charCodeAt(0))
}

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** Bytes as people read them: 16 in a line, with the characters they would be. */
export function hexLines(bytes: Uint8Array, most: number): string {
  const lines: string[] = []
  for (let start = 0; start < bytes.length && lines.length < most; start += 16) {
    const part = [...bytes.subarray(start, start + 16)]
    const hex = part.map(byte => byte.toString(16).padStart(2, '0')).join(' ')
    const text = part.map(byte => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${start.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${text}`)
  }
  return lines.join('\n')
}

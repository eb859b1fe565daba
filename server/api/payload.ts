import { payloadText } from '#kernel'

/** Bytes of a payload that leave the hub; the rest is cut, and `size` says how much there was. */
const MAX_SHOWN_PAYLOAD = 65_536

interface PayloadJson {
  payload: string
  encoding: 'utf8' | 'base64'
}

/** The payload without the character that the cut left incomplete. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let start = bytes.length - 1
  while (start > bytes.length - 4 && start > 0 && (bytes[start]! & 0xc0) === 0x80) start--
  const first = bytes[start]!
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
  return start + length > bytes.length ? bytes.subarray(0, start) : bytes
}

/** A payload of `size` bytes, of which `payload` may hold but the beginning, as text or, when it is binary, as base64. */
export function payloadJson(payload: Uint8Array, size = payload.length): PayloadJson {
  const shown = payload.subarray(0, MAX_SHOWN_PAYLOAD)
  const text = payloadText(shown.length < size ? wholeCharacters(shown) : shown)
  if (text !== undefined) return { payload: text, encoding: 'utf8' }
  return { payload: Buffer.from(shown.buffer, shown.byteOffset, shown.length).toString('base64'), encoding: 'base64' }
}

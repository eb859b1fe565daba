import { faults, refuse } from './faults.ts'

/**
 * A string of a packet. Refuses what is not well-formed UTF-8, surrogates and U+0000 [MQTT5-1.5.4-1, -2]; also the
 * control characters and non-characters that a receiver may refuse (section 1.5.4). A byte order mark is kept
 * [MQTT5-1.5.4-3].
 */
export function decodeText(bytes: Buffer, start: number, end: number): string {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte < 0x20 || byte >= 0x7f) return decodeWide(bytes, start, end)
  }
  return bytes.toString('latin1', start, end)
}

function decodeWide(bytes: Buffer, start: number, end: number): string {
  let at = start
  while (at < end) {
    const lead = bytes[at]!
    if (lead < 0x80) {
      if (lead < 0x20 || lead === 0x7f) refuse(faults.controlCharacter)
      at++
    } else {
      at += checkSequence(bytes, at, end)
    }
  }
  return bytes.toString('utf8', start, end)
}

/** Checks one character of two to four bytes. @returns its length. */
function checkSequence(bytes: Buffer, at: number, end: number): number {
  const lead = bytes[at]!
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (lead < 0xc2 || lead > 0xf4 || at + length > end) refuse(faults.malformedString)
  let code = lead & (0x7f >> length)
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i]!
    if ((byte & 0xc0) !== 0x80) refuse(faults.malformedString)
    code = (code << 6) | (byte & 0x3f)
  }
  const isOverlong = (length === 3 && code < 0x800) || (length === 4 && code < 0x10000)
  if (isOverlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) refuse(faults.malformedString)
  if (code < 0xa0) refuse(faults.controlCharacter)
  if ((code & 0xfffe) === 0xfffe || (code >= 0xfdd0 && code <= 0xfdef)) refuse(faults.malformedString)
  return length
}

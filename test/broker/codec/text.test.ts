import { describe, expect, it } from 'vitest'
import { decodeAll } from './wire.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The filter that an UNSUBSCRIBE with these bytes names, or null when it is refused. */
function accepted(bytes: Buffer): string | null {
  const packet = Buffer.concat([Buffer.of(0xa2, bytes.length + 4, 0, 1, 0, bytes.length), bytes])
  const [found] = decodeAll([packet], { version: 4 }).packets
  return found?.type === 'unsubscribe' ? (found.filters[0] ?? null) : null
}

/** The same by the platform's decoder, less what MQTT takes out. */
function expected(bytes: Buffer): string | null {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return null
  }
  const isRefused = Array.from(text).some(character => {
    const code = character.codePointAt(0)!
    const isNonCharacter = (code & 0xfffe) === 0xfffe || (code >= 0xfdd0 && code <= 0xfdef)
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || isNonCharacter
  })
  return isRefused ? null : text
}

describe('strings', () => {
  it('agree with the platform for every character', () => {
    const wrong: string[] = []
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      // Every character below U+3000, then a sample that meets each plane and its end.
      if (code > 0x3000 && code % 97 !== 0 && (code & 0xffff) < 0xfff0) continue
      const bytes = Buffer.from(`a${String.fromCodePoint(code)}`)
      if (accepted(bytes) !== expected(bytes)) wrong.push(code.toString(16))
    }
    expect(wrong).toEqual([])
  })

  it('agree with the platform for all pairs of bytes and for three bytes behind each lead', () => {
    const wrong: string[] = []
    const check = (...values: number[]): void => {
      const bytes = Buffer.from([0x61, ...values])
      if (accepted(bytes) !== expected(bytes)) wrong.push(bytes.toString('hex'))
    }
    const edges = [0x00, 0x2f, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]
    for (let lead = 0x80; lead <= 0xff; lead++) {
      for (let second = 0; second <= 0xff; second++) check(lead, second)
      // Below 0xe0 a lead decides with its second byte, and all of them alike.
      if (lead < 0xe0 && lead % 31 !== 0) continue
      for (const second of edges)
        for (const third of edges) for (const fourth of edges) check(lead, second, third, fourth)
    }
    expect(wrong).toEqual([])
  })

  it('keep a byte order mark', () => {
    expect(accepted(Buffer.from('efbbbf61', 'hex'))).toBe('\ufeffa')
  })
})

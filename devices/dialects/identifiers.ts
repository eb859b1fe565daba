const SEPARATED = /^[0-9a-f]{2}([:.-][0-9a-f]{2}){5}$/i
const BARE = /^(?=.*[a-f])[0-9a-f]{12}$/i

/** Characters of an identifier that are kept. */
const MAX_IDENTIFIER = 200

/** `mac:AABBCCDDEEFF` for an address in any spelling, undefined for other text. Twelve bare digits are a serial number. */
export function macIdentifier(text: string): string | undefined {
  const plain = text.trim()
  if (!SEPARATED.test(plain) && !BARE.test(plain)) return undefined
  return `mac:${plain.replace(/[:.-]/g, '').toUpperCase()}`
}

/** How a device's own identifier is compared: addresses by their digits, all else to the letter. */
export function identifierOf(text: string, kind = 'id'): string {
  return macIdentifier(text) ?? `${kind}:${text.slice(0, MAX_IDENTIFIER)}`
}

type Fault = {
  readonly of: 'latitude' | 'longitude'
  readonly fault: 'latitudeWrong' | 'longitudeWrong' | 'placeHalf'
}

/** Reads a place as typed, degrees with a point or a comma; both empty is no place. */
export function readPlace(
  latitude: string,
  longitude: string,
): { readonly value: { latitude: number; longitude: number } | null } | Fault {
  const [north, east] = [toDegrees(latitude), toDegrees(longitude)]
  if (north === null && east === null) return { value: null }
  if (north === null) return { of: 'latitude', fault: 'placeHalf' }
  if (east === null) return { of: 'longitude', fault: 'placeHalf' }
  if (!(Math.abs(north) <= 90)) return { of: 'latitude', fault: 'latitudeWrong' }
  if (!(Math.abs(east) <= 180)) return { of: 'longitude', fault: 'longitudeWrong' }
  return { value: { latitude: north, longitude: east } }
}

/** Null when empty; NaN when it is no number. */
function toDegrees(text: string): number | null {
  const plain = text.trim().replace('−', '-').replace(',', '.').replace(/°$/, '')
  return plain === '' ? null : Number(plain)
}

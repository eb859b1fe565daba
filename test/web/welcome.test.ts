import { describe, expect, it } from 'vitest'
import { lightsOf } from '../../web/lib/components/welcome/lit-rooms.ts'
import { readPlace } from '../../web/lib/components/welcome/place-fields.ts'
import { placeOfZone } from '../../web/lib/components/welcome/zone-places.ts'

describe('a place as typed', () => {
  it.each<[latitude: string, longitude: string, place: object]>([
    ['52.5', '13.4', { value: { latitude: 52.5, longitude: 13.4 } }],
    ['−33,9°', ' 151.2 ', { value: { latitude: -33.9, longitude: 151.2 } }],
    ['', '', { value: null }],
    ['52.5', '', { of: 'longitude', fault: 'placeHalf' }],
    ['', '13.4', { of: 'latitude', fault: 'placeHalf' }],
    ['90.1', '0', { of: 'latitude', fault: 'latitudeWrong' }],
    ['0', '-181', { of: 'longitude', fault: 'longitudeWrong' }],
    ['north', '0', { of: 'latitude', fault: 'latitudeWrong' }],
  ])('%j and %j', (latitude, longitude, place) => {
    expect(readPlace(latitude, longitude)).toEqual(place)
  })
})

describe('the place of a time zone', () => {
  it('is its main city', () => {
    expect(placeOfZone('Europe/Berlin')).toEqual({ city: 'Berlin', latitude: 52.5, longitude: 13.4 })
    expect(placeOfZone('America/Argentina/Buenos_Aires')?.city).toBe('Buenos Aires')
    expect(placeOfZone('UTC')).toBeUndefined()
    expect(placeOfZone('Europe/Ber')).toBeUndefined()
  })

  it('is known for the zones that browsers name, but for a few', () => {
    const zones = Intl.supportedValuesOf('timeZone')
    const known = zones.filter(zone => placeOfZone(zone) !== undefined)
    expect(known.length / zones.length).toBeGreaterThan(0.95)
    for (const zone of known) {
      const { latitude, longitude } = placeOfZone(zone)!
      expect(Math.abs(latitude)).toBeLessThanOrEqual(90)
      expect(Math.abs(longitude)).toBeLessThanOrEqual(180)
    }
  })
})

describe('the drawn house', () => {
  it('lights the room’s own opening, else the next that is free', () => {
    expect(lightsOf(['Kitchen', 'Hall', 'Workshop'])).toEqual([
      'Hall',
      'Workshop',
      'Kitchen',
      false,
      false,
      false,
      false,
    ])
    expect(lightsOf(Array.from({ length: 20 }, (_, index) => `Room ${index}`))[6]).toBe('Room 5')
  })
})

import { describe, expect, it } from 'vitest'
import type { Candidate, Entity, GuestInfo, Heard, Knock, Visitor } from '#devices'
import { MAX_BEHIND } from '../../server/api/live/live.ts'
import { candidatesJson, pairingJson } from '../../server/api/pairing-shapes.ts'

const long = '\u{1f600}'.repeat(30_000)
const visitor: Visitor = {
  ...{
    address: '192.0.2.1',
    clientId: long,
    username: long,
    protocol: 4,
    willTopic: null,
    hasPassword: true,
    proof: '',
  },
}
const entity = {
  id: 'E',
  slug: 'e',
  name: 'x'.repeat(200),
  values: new Map(),
  commands: [],
} as Partial<Entity> as Entity
const candidateOf = (id: string, entities: number): Candidate => ({
  ...{ id, name: id, dialect: 'd', manufacturer: null, model: null, software: null, identifiers: [], user: null },
  ...{ clientId: null, suggestedArea: null, unsupported: [], firstSeen: 0, lastSeen: 0 },
  entities: Array.from({ length: entities }, () => entity),
})
const guestOf = (id: string, candidates: Candidate[]): GuestInfo => ({
  ...{ id, visitor, isConnected: true, since: 0, lastSeen: 0, messages: 1, candidates },
  heard: Array.from({ length: 200 }, () => ({
    ...({
      topic: long,
      payload: new Uint8Array(60_000).fill(0xff),
      qos: 0,
      retain: false,
      properties: null,
      at: 0,
    } as const),
  })),
})
const nothing: Heard = { until: null, isBatch: false, candidates: [], guests: [], knocks: [], faults: [] }

describe('what is heard, as pages see it', () => {
  it('stays below what a page may be behind, whatever strangers say', () => {
    const knock: Knock = {
      ...{ id: 'K', address: '192.0.2.1', clientId: long.slice(0, 200), username: long.slice(0, 200) },
      ...{ reason: 'no_login', count: 1, firstSeen: 0, lastSeen: 0 },
    }
    const json = pairingJson({
      ...nothing,
      candidates: Array.from({ length: 500 }, (_, i) => candidateOf(`K${i}`, 100)),
      guests: Array.from({ length: 20 }, (_, i) => guestOf(`G${i}`, [candidateOf(`C${i}`, 500)])),
      knocks: Array.from({ length: 100 }, () => knock),
      faults: Array.from({ length: 1_000 }, () => ({ topic: long, message: long })),
    })
    expect(JSON.stringify(json).length).toBeLessThan(MAX_BEHIND)
    expect(json.guests[0]!.topics).toHaveLength(20)
    expect(json.faults).toHaveLength(100)
  })

  it('leaves out entities first, of those of known clients before those of guests', () => {
    const heard = {
      ...nothing,
      candidates: [candidateOf('A', 2_000), candidateOf('B', 1)],
      guests: [guestOf('G', [candidateOf('C', 10)])],
    }
    const shown = pairingJson(heard).candidates.map(({ id, entities }) => [id, entities.length])
    expect(shown).toEqual([
      ['C', 10],
      ['A', 0],
      ['B', 1],
    ])
    expect(candidatesJson(heard)[1]!.entities).toHaveLength(2_000)
  })
})

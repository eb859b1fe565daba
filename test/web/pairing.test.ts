import { describe, expect, it } from 'vitest'
import type { PairingJson, StreamFrame } from '#api'
import type { Api } from '../../web/lib/api.ts'
import type { Live } from '../../web/lib/live/live.svelte.ts'
import { Pairing } from '../../web/lib/state/pairing.svelte.ts'

type PairingFrame = Extract<StreamFrame, { type: 'pairing' }>

const UNTIL = '2026-03-01T12:05:00Z'
const CLOSED: PairingJson = { until: null, batch: false, candidates: [], guests: [], knocks: [], faults: [] }
const OPEN: PairingJson = { ...CLOSED, until: UNTIL }
const FAULT = { topic: 'homeassistant/sensor/kettle/config', detail: 'heard last' }
const HEARD: PairingJson = { ...OPEN, faults: [FAULT] as unknown as PairingJson['faults'] }

describe('what is heard', () => {
  it.each(['load', 'open'] as const)('is not undone by the answer to %s that a frame overtook', async way => {
    let answer: (heard: PairingJson) => void = () => undefined
    let hear: (frame: PairingFrame) => void = () => undefined
    const api = (() => new Promise<PairingJson>(resolve => (answer = resolve))) as unknown as Api
    const live = {
      on(type: string, listener: (frame: PairingFrame) => void) {
        if (type === 'pairing') hear = listener
        return () => undefined
      },
    } as unknown as Live
    const pairing = new Pairing()
    pairing.follow(api, live)
    answer(CLOSED)
    await Promise.resolve()
    const asked = way === 'load' ? pairing.load(api) : pairing.open(api, { seconds: 120, batch: false })
    hear({ type: 'pairing', seq: 7, ...HEARD })
    answer(OPEN)
    await asked
    expect(pairing.heard).toEqual(HEARD)
  })

  it('is the answer where no frame came', async () => {
    const pairing = new Pairing()
    await pairing.open((async () => OPEN) as unknown as Api, { seconds: 120, batch: false })
    expect(pairing.heard).toEqual(OPEN)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeviceJson } from '#api'
import { startHouse, type House } from './support/house.ts'

let house: House
beforeAll(async () => {
  house = await startHouse()
})
afterAll(() => house.close())

const get = async (path: string) => (await house.ask({ method: 'GET', path: `/api/v1${path}`, who: 'admin' })).json

describe('a device', () => {
  it('names the topics of what it says, what it takes, and how it announces itself', async () => {
    const { topics } = (await get('/devices/lamp')) as DeviceJson
    expect(topics).toEqual(['lamp/state', 'lamp/set', 'homeassistant/light/lamp/config'])
  })

  it('that nobody but the hub announced has no connection', async () => {
    expect(await get('/devices/lamp/connection')).toEqual({
      username: null,
      clientId: null,
      login: null,
      connected: false,
      address: null,
      protocol: null,
      since: null,
      lastReason: null,
    })
    expect(await get('/devices/nothing/connection')).toMatchObject({ status: 404, code: 'devices.unknown_device' })
  })
})

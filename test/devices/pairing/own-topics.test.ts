import { describe, expect, it } from 'vitest'
import { toPayload } from '#kernel'
import { Incoming } from '../../../devices/dialects/incoming.ts'
import { foreignTopic, namedTopics, ownTopics, type Shown } from '../../../devices/pairing/own-topics.ts'

const announcement = (topic: string, payload: object) => new Incoming(topic, toPayload(JSON.stringify(payload)))
const sensor = (topics: object, id = 'probe') =>
  announcement(`homeassistant/sensor/${id}/config`, { unique_id: id, device: { identifiers: [id] }, ...topics })

const MAC = 'A1B2C3D4E5F6'
const tasmota = (more: object = {}) =>
  announcement(`tasmota/discovery/${MAC}/config`, {
    ...{ mac: MAC, dn: 'Heater', t: 'heater', ft: '%prefix%/%topic%/', tp: ['cmnd', 'stat', 'tele'], rl: [1, 1] },
    ...more,
  })

function own(shown: Partial<Shown>) {
  return ownTopics({
    clientId: 'probe1-a1b2',
    identifiers: [],
    announcements: [],
    spoken: [],
    isGateway: false,
    taken: [],
    ...shown,
  })
}

describe('the topics of a device', () => {
  it('are those that its announcements name, these included', () => {
    const topics = {
      ...{ '~': 'x/lamp', stat_t: '~/state', cmd_t: '~/set', brightness_command_topic: 'x/lamp/dim' },
      availability: [{ t: 'x/lamp/status' }, { topic: 'x/hub/status' }],
    }
    expect(own({ announcements: [sensor(topics)] })).toEqual({
      publish: ['homeassistant/sensor/probe/config', 'x/lamp/state', 'x/lamp/status', 'x/hub/status'],
      subscribe: ['homeassistant/status', 'x/lamp/set', 'x/lamp/dim'],
    })
  })

  it('of a whole device are those of its components, also of kinds that the hub cannot show', () => {
    const components = { c: { p: 'cover', cmd_t: '~/set', set_pos_t: '~/pos/set', pos_t: '~/pos' } }
    const whole = announcement('homeassistant/device/shade/config', {
      dev: { ids: 'shade' },
      '~': 'shade',
      cmps: components,
    })
    expect(own({ announcements: [whole] })).toEqual({
      publish: ['homeassistant/device/shade/config', 'shade/pos'],
      subscribe: ['homeassistant/status', 'shade/set', 'shade/pos/set'],
    })
  })

  it('of Tasmota are its trees, its group and its fallback', () => {
    const sensors = announcement(`tasmota/discovery/${MAC}/sensors`, { sn: {}, ver: 1 })
    expect(own({ announcements: [tasmota(), sensors], spoken: ['tele/heater/LWT', 'stat/heater/RESULT'] })).toEqual({
      publish: [
        `tasmota/discovery/${MAC}/config`,
        `tasmota/discovery/${MAC}/sensors`,
        ...['stat/heater/#', 'tele/heater/#', 'cmnd/heater/POWER', 'cmnd/heater/POWER1', 'cmnd/heater/POWER2'],
      ],
      subscribe: ['cmnd/heater/#', 'cmnd/tasmotas/#', 'cmnd/DVES_D4E5F6_fb/#'],
    })
  })

  it.each<[what: string, spoken: string[], publish: string[]]>([
    ['a tree below shared words', ['house/garden/probe1/t', 'house/garden/probe1/h/raw'], ['house/garden/probe1/#']],
    ['a tree that bears the name of the client', ['probe1/t', 'probe1/debug/x'], ['probe1/#']],
    ['a tree that is named as the client', ['Probe1-A1B2/t'], ['Probe1-A1B2/#']],
    ['only the topics themselves below the beginning of a name', ['prob/t'], ['prob/t']],
    ['only the topics themselves below a name that goes on', ['probe/t'], ['probe/t']],
    [
      'only the topics themselves below words that many use',
      ['house/garden/t', 'house/garden/h'],
      ['house/garden/t', 'house/garden/h'],
    ],
    ['only the topics themselves without a common word', ['a/t', 'b/t'], ['a/t', 'b/t']],
    ['a topic of one level', ['probe1'], ['probe1']],
    ['a topic that begins with a level of nothing', ['/probe1/t'], ['/probe1/t']],
  ])('that announces nothing are what it was heard on: %s', (_what, spoken, publish) => {
    expect(own({ spoken }).publish).toEqual(publish)
  })

  it('are the tree that bears its identifier', () => {
    const spoken = ['house/garden_probe/t']
    for (const name of ['garden_probe', 'GARDEN-PROBE'])
      expect(own({ identifiers: ['x', name], spoken }).publish).toEqual(['house/garden_probe/#'])
    expect(own({ identifiers: ['Garden', 'probe', '', 'garden_probe_2'], spoken }).publish).toEqual(spoken)
  })

  it('include where it will announce more, when that bears its name', () => {
    const config = (node: string) =>
      announcement(`homeassistant/sensor/${node}/t/config`, { device: { identifiers: ['x'] }, stat_t: 'a/b/t' })
    expect(own({ announcements: [config('probe1')] }).publish).toEqual([
      'homeassistant/+/probe1/+/config',
      'homeassistant/sensor/probe1/t/config',
      'a/b/t',
    ])
    expect(own({ announcements: [config('sensors')] }).publish).toEqual([
      'homeassistant/sensor/sensors/t/config',
      'a/b/t',
    ])
  })

  it('include what it said beside what it announced', () => {
    const announcements = [sensor({ state_topic: 'probe/state' })]
    const { publish } = own({ announcements, spoken: ['probe/state', 'elsewhere/debug'], clientId: 'x' })
    expect(publish).toEqual(['homeassistant/sensor/probe/config', 'probe/state', 'elsewhere/debug'])
  })

  it('never reach into those of another', () => {
    const taken = [{ publish: ['oven/#', 'homeassistant/sensor/oven/config'], subscribe: ['cmnd/oven/#'] }]
    const announcements = [sensor({ state_topic: 'oven/state', command_topic: 'oven/set' }, 'oven')]
    const spoken = ['cmnd/oven/POWER', 'oven/state', 'mine/a']
    expect(own({ announcements, spoken, taken })).toEqual({ publish: ['mine/a'], subscribe: ['homeassistant/status'] })
  })

  it.each([
    '#',
    '+/state',
    '$SYS/broker',
    'homeassistant/status',
    'homeassistant/sensor/other/config',
    'homeassistant/#',
    'a#',
  ])('never include %s', topic => {
    expect(own({ announcements: [sensor({ state_topic: topic })], spoken: [topic] }).publish).toEqual([
      'homeassistant/sensor/probe/config',
    ])
  })

  it('of a gateway include where it will announce more, which keeps nobody else from doing so', () => {
    const announcements = [sensor({ state_topic: 'z2m/a' }, 'a'), sensor({ state_topic: 'z2m/b' }, 'b')]
    const gateway = own({ announcements, isGateway: true })
    expect(gateway.publish).toEqual(
      expect.arrayContaining(['homeassistant/+/+/config', 'homeassistant/+/+/+/config', 'z2m/#']),
    )
    expect(own({ announcements: [sensor({ state_topic: 'p/t' })], taken: [gateway] }).publish).toContain(
      'homeassistant/sensor/probe/config',
    )
  })
})

describe('an announcement', () => {
  const mine = { publish: ['probe/#'], subscribe: ['probe/#', 'homeassistant/status'] }
  it.each<[topics: object, foreign: string | undefined]>([
    [{ state_topic: 'probe/state', command_topic: 'probe/set' }, undefined],
    [{ state_topic: 'oven/state' }, 'oven/state'],
    [{ state_topic: 'probe/state', command_topic: 'oven/set' }, 'oven/set'],
    [{ state_topic: 'probe/state', availability_topic: '+/status' }, '+/status'],
  ])('%j names the foreign topic %s', (topics, foreign) => {
    expect(foreignTopic(namedTopics([sensor(topics)]), mine)).toBe(foreign)
  })
})

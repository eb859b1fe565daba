import { expect, it } from 'vitest'
import { brokerAddress } from '../../web/lib/state/broker-address.ts'

const hub = (...hosts: string[]) => ({ hosts, ports: { mqtt: 2883, mqtts: null, ws: null }, wsPath: '/mqtt' })

it.each<[what: string, page: string, listeners: ReturnType<typeof hub> | null, host: string | null, port: number]>([
  ['the number this page came from', '192.168.1.5', hub('172.17.0.2'), '192.168.1.5', 2883],
  ['also in version 6', '[fd00::5]', hub('192.168.1.20'), '[fd00::5]', 2883],
  [
    'a number of the hub before a name, which many boards do not know',
    'hob.local',
    hub('192.168.1.20'),
    '192.168.1.20',
    2883,
  ],
  [
    'what the hub knows where the page was opened on it',
    'localhost',
    hub('192.168.1.20', 'hob.local'),
    '192.168.1.20',
    2883,
  ],
  ['the name of the page while the hub has not said', 'hob.local', null, 'hob.local', 1883],
  ['nothing where nobody knows', '127.0.0.1', hub(), null, 2883],
  ['nothing where nobody knows yet', '[::1]', null, null, 1883],
])('a device is given %s', (_what, page, listeners, host, port) => {
  expect(brokerAddress(page, listeners)).toEqual({ host, port })
})

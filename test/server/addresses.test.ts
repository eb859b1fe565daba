import type { NetworkInterfaceInfo } from 'node:os'
import { expect, it } from 'vitest'
import { certificateNames, reachableHosts, shownHost, type Machine } from '../../server/addresses.ts'

const on = (address: string, internal = false) =>
  ({ address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' }) as NetworkInterfaceInfo

function machine(hostname: string, ...addresses: NetworkInterfaceInfo[]): Machine {
  return { hostname: () => hostname, networkInterfaces: () => ({ all: addresses }) }
}

it('lists IPv4 before IPv6 before the name, and leaves out what needs a zone or is not on the network', () => {
  const pi = machine(
    'Hob',
    ...[on('127.0.0.1', true), on('::1', true), on('fe80::1'), on('169.254.7.7'), on('fd00::20'), on('192.168.1.20')],
  )
  expect(reachableHosts('', pi)).toEqual(['192.168.1.20', 'fd00::20', 'hob.local'])
})

it.each([
  ['hob', 'hob.local'],
  ['hob.example.net', 'hob.example.net'],
])('knows the machine %s as %s when it has no address', (hostname, name) =>
  expect(reachableHosts('::', machine(hostname))).toEqual([name]),
)

it('has no name for others on a machine that is called localhost', () =>
  expect(reachableHosts('0.0.0.0', machine('localhost'))).toEqual([]))

it('is reached at the one address it listens on', () => {
  expect(reachableHosts('192.168.1.20', machine('hob', on('10.0.0.1')))).toEqual(['192.168.1.20'])
  expect(shownHost('fd00::20')).toBe('[fd00::20]')
})

it('has certificates for every name and address it may be asked for', () => {
  const pi = machine('Pi', on('127.0.0.1', true), on('192.168.1.20'))
  expect(certificateNames('', ['Hub.Example', 'not a name', '192.168.1.20'], pi)).toEqual([
    ...['192.168.1.20', 'pi.local', 'hob.local', 'pi', 'localhost', '127.0.0.1', '::1', 'hub.example'],
  ])
})

import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Log } from '#kernel'
import { openDeviceCertificates, type DeviceCertificates } from '../../server/system/index.ts'
import { issue, LEAF_LIFE } from '../../server/system/issue.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const NAMES = ['hob.local', 'pi', '192.168.1.20', 'fd00::20']

let clock: TestClock
let folder: ReturnType<typeof temporaryFolder>
let names: readonly string[]
let said: string[]
let opened: DeviceCertificates[]

beforeEach(() => {
  clock = createTestClock()
  folder = temporaryFolder()
  names = NAMES
  said = []
  opened = []
})
afterEach(() => {
  for (const each of opened) each.close()
  folder.remove()
})

const file = (name: string) => join(folder.path, 'certs', name)
const read = (name: string) => readFileSync(file(name), 'utf8')

async function open(): Promise<DeviceCertificates> {
  const lines = said
  const note = (_facts: object, text: string) => void lines.push(text)
  const log: Log = { debug() {}, info() {}, warn: note, error: note }
  const certificates = await openDeviceCertificates({
    ...{ folder: join(folder.path, 'certs'), names: () => names, issue, clock, log },
  })
  opened.push(certificates)
  return certificates
}

/** Resolves with the next certificate, once time has moved by `milliseconds`. */
async function changed(certificates: DeviceCertificates, milliseconds: number): Promise<X509Certificate> {
  const isChanged = new Promise<void>(resolve => certificates.onChange(resolve))
  clock.advance(milliseconds)
  await isChanged
  return leafOf(certificates)
}

const leafOf = (certificates: DeviceCertificates) => new X509Certificate(certificates.current()!.cert)
const dates = ({ validFromDate, validToDate }: X509Certificate) => [validFromDate.getTime(), validToDate.getTime()]

describe('the certificates of the first boot', () => {
  it('are a CA that signs and a leaf for every name, for their owner alone', async () => {
    const certificates = await open()
    const ca = new X509Certificate(certificates.ca()!)
    const leaf = leafOf(certificates)
    expect(ca).toMatchObject({ ca: true, subject: expect.stringMatching(/^CN=Hob device CA [\da-f]{8}$/) })
    expect(ca.verify(ca.publicKey)).toBe(true)
    expect(leaf).toMatchObject({ ca: false, subject: 'CN=Hob MQTT', issuer: ca.subject })
    expect(leaf.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true)
    expect(leaf.subjectAltName).toBe('DNS:hob.local, DNS:pi, IP Address:192.168.1.20, IP Address:FD00:0:0:0:0:0:0:20')
    expect(leaf.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
    expect(dates(leaf)).toEqual([clock.now() - DAY, clock.now() - DAY + LEAF_LIFE])
    expect(readdirSync(join(folder.path, 'certs')).toSorted()).toEqual([
      ...['device-ca.key', 'device-ca.pem', 'mqtts.key', 'mqtts.pem'],
    ])
    for (const name of readdirSync(join(folder.path, 'certs'))) expect(statSync(file(name)).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder.path, 'certs')).mode & 0o777).toBe(0o700)
    expect(certificates.current()!.cert).toBe(read('mqtts.pem'))
    expect(read('mqtts.pem')).toContain(read('device-ca.pem'))
  })

  it('stay over a restart', async () => {
    const first = await open()
    const second = await open()
    expect([second.ca(), second.current()]).toEqual([first.ca(), first.current()])
  })

  it('are made again where the first start was cut off before the CA was whole', async () => {
    await open()
    rmSync(file('device-ca.pem'))
    const second = await open()
    expect(leafOf(second).verify(new X509Certificate(second.ca()!).publicKey)).toBe(true)
    expect(said).toEqual([])
  })
})

describe('a leaf', () => {
  it('is made anew at two thirds of its life, not before, by the same CA', async () => {
    const certificates = await open()
    const ca = certificates.ca()
    const first = leafOf(certificates)
    clock.jump((LEAF_LIFE * 2) / 3 - DAY - 2 * MINUTE)
    clock.advance(MINUTE)
    expect(leafOf(certificates).serialNumber).toBe(first.serialNumber)
    const renewed = await changed(certificates, MINUTE)
    expect(renewed.serialNumber).not.toBe(first.serialNumber)
    expect(dates(renewed)[0]).toBe(clock.now() - DAY)
    expect(certificates.ca()).toBe(ca)
    expect(renewed.verify(new X509Certificate(ca!).publicKey)).toBe(true)
    expect(read('mqtts.pem')).toBe(certificates.current()!.cert)
  })

  it('is made anew when the hub has a name or address that it lacks, not when it lost one', async () => {
    const certificates = await open()
    names = NAMES.slice(1)
    clock.advance(2 * MINUTE)
    names = [...NAMES.slice(1), '10.0.0.7']
    const renewed = await changed(certificates, MINUTE)
    expect(renewed.subjectAltName).toBe(
      'DNS:pi, IP Address:192.168.1.20, IP Address:FD00:0:0:0:0:0:0:20, IP Address:10.0.0.7',
    )
  })

  it('is made anew when it is from a time that has not come: the clock was wrong', async () => {
    const certificates = await open()
    clock.jump(-30 * DAY)
    expect((await changed(certificates, MINUTE)).validFromDate.getTime()).toBeLessThan(clock.now())
  })

  it.each([
    ['it is not there', () => rmSync(file('mqtts.pem'))],
    ['its key is not there', () => rmSync(file('mqtts.key'))],
    ['its key is of another', () => writeFileSync(file('mqtts.key'), read('device-ca.key'))],
    ['it is damaged', () => writeFileSync(file('mqtts.pem'), 'x')],
    ['it is of another CA', () => writeFileSync(file('mqtts.pem'), read('device-ca.pem'))],
  ])('is made anew at a start when %s', async (_why, damage) => {
    const { ca } = await open()
    damage()
    const second = await open()
    expect(second.ca()).toBe(ca())
    expect(leafOf(second).verify(new X509Certificate(ca()!).publicKey)).toBe(true)
    expect(said).toEqual([])
  })
})

describe('a CA', () => {
  it.each([
    ['without its key', () => rmSync(file('device-ca.key'))],
    ['with the key of another', () => writeFileSync(file('device-ca.key'), read('mqtts.key'))],
  ])('%s is told, and is not replaced; the leaf goes on', async (_what, damage) => {
    const first = await open()
    damage()
    const second = await open()
    expect([second.ca(), second.current()]).toEqual([first.ca(), first.current()])
    names = ['10.0.0.7']
    const third = await open()
    expect(third.current()).toEqual(first.current())
    expect(said).toEqual([
      expect.stringMatching(
        /^the device CA cannot sign: .*device-ca\.key .*Put both files back from a backup; or remove/,
      ),
    ])
    expect(read('device-ca.pem')).toBe(first.ca())
  })

  it('is told once, and serves again when it is whole again', async () => {
    const first = await open()
    first.close()
    const key = read('device-ca.key')
    rmSync(file('device-ca.key'))
    names = ['10.0.0.7']
    const certificates = await open()
    expect(said).toHaveLength(1)
    writeFileSync(file('device-ca.key'), key)
    expect((await changed(certificates, MINUTE)).subjectAltName).toBe('IP Address:10.0.0.7')
  })

  it('that cannot be read is not replaced', async () => {
    const first = await open()
    // Reading a folder fails for everybody, root among them.
    rmSync(file('device-ca.pem'))
    mkdirSync(file('device-ca.pem'))
    const second = await open()
    expect([second.ca(), second.current()]).toEqual([null, null])
    expect(said).toEqual([expect.stringMatching(/device-ca\.pem cannot be read \(EISDIR\); see its rights/)])
    expect(existsSync(file('device-ca.key'))).toBe(true)
    expect(first.ca()).not.toBeNull()
  })
})

it('goes on without certificates where they cannot be written', async () => {
  writeFileSync(join(folder.path, 'certs'), 'a file')
  const certificates = await open()
  expect([certificates.ca(), certificates.current()]).toEqual([null, null])
  expect(said).toEqual([expect.stringMatching(/certs/)])
})

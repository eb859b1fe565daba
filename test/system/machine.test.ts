import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMachine, findSetAside, machineFiles, watchLoop, type MachineFiles } from '../../server/system/index.ts'
import { createTestClock } from '../support/clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MINUTE = 60_000
const THROTTLED = '/sys/devices/platform/soc/soc:firmware/get_throttled'
const SYNCHRONISED = '/run/systemd/timesync/synchronized'

/** A machine made of files by path; folders are what is in them. */
function simulated(files: Record<string, string>): MachineFiles & { files: Record<string, string> } {
  return {
    files,
    read: async path => files[path] ?? null,
    async list(path) {
      const inside = Object.keys(files).filter(each => each.startsWith(`${path}/`))
      const names = new Set(inside.map(each => each.slice(path.length + 1).split('/')[0]!).filter(Boolean))
      return inside.length === 0 ? null : Array.from(names)
    },
    disk: async () => ({ free: 1, size: 2 }),
  }
}

/** A Raspberry Pi as its files tell it. */
const pi = () =>
  simulated({
    '/sys/class/thermal/thermal_zone0/type': 'cpu-thermal\n',
    '/sys/class/thermal/thermal_zone0/temp': '52078\n',
    [THROTTLED]: '0\n',
    '/run/systemd/timesync/': '',
    [SYNCHRONISED]: '',
  })

describe('a Raspberry Pi', () => {
  it('tells its temperature, its supply and its clock', async () => {
    const machine = createMachine({ files: pi(), clock: createTestClock() })
    expect(await machine.look()).toEqual({
      temperature: 52.1,
      power: { word: 'steady', state: 'good' },
      clock: { word: 'synchronised', state: 'good' },
    })
  })

  it('says when its voltage is too low, and that it was for an hour', async () => {
    const clock = createTestClock()
    const files = pi()
    const machine = createMachine({ files, clock })
    const power = async (flags: string) => {
      files.files[THROTTLED] = flags
      return (await machine.look()).power
    }
    expect(await power('50005\n')).toEqual({ word: 'undervoltage', state: 'bad' })
    expect(await power('50000\n')).toEqual({ word: 'undervoltage_before', state: 'warning' })
    clock.advance(59 * MINUTE)
    expect(await power('50000\n')).toMatchObject({ word: 'undervoltage_before' })
    clock.advance(MINUTE)
    expect(await power('50000\n')).toEqual({ word: 'steady', state: 'good' })
  })

  it('says of a dip between two looks, also of one before the first', async () => {
    const files = pi()
    files.files[THROTTLED] = '10000\n'
    const machine = createMachine({ files, clock: createTestClock() })
    expect((await machine.look()).power).toEqual({ word: 'undervoltage_before', state: 'warning' })
  })

  it.each(['2', '4', '8', '80008'])('says that it is slowed down: %s', async flags => {
    const files = pi()
    files.files[THROTTLED] = flags
    const machine = createMachine({ files, clock: createTestClock() })
    expect((await machine.look()).power).toEqual({ word: 'throttled', state: 'warning' })
  })

  it('with a kernel that has no such file tells its voltage by its sensor', async () => {
    const files = pi()
    delete files.files[THROTTLED]
    files.files['/sys/class/hwmon/hwmon0/name'] = 'cpu_thermal\n'
    files.files['/sys/class/hwmon/hwmon1/name'] = 'rpi_volt\n'
    files.files['/sys/class/hwmon/hwmon1/in0_lcrit_alarm'] = '1\n'
    const machine = createMachine({ files, clock: createTestClock() })
    expect((await machine.look()).power).toEqual({ word: 'undervoltage', state: 'bad' })
    files.files['/sys/class/hwmon/hwmon1/in0_lcrit_alarm'] = '0\n'
    expect((await machine.look()).power).toMatchObject({ word: 'undervoltage_before' })
  })
})

describe('another machine', () => {
  it('without sensors and time server says nothing of them', async () => {
    const machine = createMachine({ files: simulated({}), clock: createTestClock() })
    expect(await machine.look()).toEqual({ temperature: null, power: null, clock: null })
  })

  it('has the thermometer of its processor among others', async () => {
    const files = simulated({
      '/sys/class/thermal/cooling_device0/type': 'Processor',
      '/sys/class/thermal/thermal_zone0/type': 'acpitz\n',
      '/sys/class/thermal/thermal_zone0/temp': '27800\n',
      '/sys/class/thermal/thermal_zone1/type': 'x86_pkg_temp\n',
      '/sys/class/thermal/thermal_zone1/temp': '61000\n',
    })
    expect((await createMachine({ files, clock: createTestClock() }).look()).temperature).toBe(61)
  })

  it('whose thermometer talks nonsense has none', async () => {
    const files = pi()
    files.files['/sys/class/thermal/thermal_zone0/temp'] = 'N/A\n'
    expect((await createMachine({ files, clock: createTestClock() }).look()).temperature).toBeNull()
  })
})

describe('the clock', () => {
  it('has five minutes after a start until it is synchronised', async () => {
    const clock = createTestClock()
    const files = pi()
    delete files.files[SYNCHRONISED]
    const machine = createMachine({ files, clock })
    expect((await machine.look()).clock).toEqual({ word: 'waiting', state: 'unknown' })
    clock.advance(5 * MINUTE)
    expect((await machine.look()).clock).toEqual({ word: 'unsynchronised', state: 'warning' })
    files.files[SYNCHRONISED] = ''
    expect((await machine.look()).clock).toEqual({ word: 'synchronised', state: 'good' })
  })

  it('was never set when it is before the first release', async () => {
    const clock = createTestClock(Date.UTC(1970, 0, 1, 0, 0, 40))
    const machine = createMachine({ files: pi(), clock })
    expect((await machine.look()).clock).toEqual({ word: 'unset', state: 'bad' })
    clock.jump(Date.UTC(2026, 4, 1))
    expect((await machine.look()).clock).toEqual({ word: 'jumped', state: 'warning' })
  })

  it.each([-7_200_000, 5_001])('that jumps by %i ms is not believed for ten minutes', async jump => {
    const clock = createTestClock()
    const machine = createMachine({ files: pi(), clock })
    clock.advance(10_000)
    clock.jump(jump)
    expect((await machine.look()).clock).toEqual({ word: 'jumped', state: 'warning' })
    clock.advance(10 * MINUTE - 1)
    expect((await machine.look()).clock).toMatchObject({ word: 'jumped' })
    clock.advance(1)
    expect((await machine.look()).clock).toEqual({ word: 'synchronised', state: 'good' })
  })

  it('that is corrected by less is', async () => {
    const clock = createTestClock()
    const machine = createMachine({ files: pi(), clock })
    clock.jump(5_000)
    expect((await machine.look()).clock).toMatchObject({ word: 'synchronised' })
  })
})

describe('a damaged database', () => {
  it.each([
    [[], []],
    [['history.db', 'hub.db', 'hub.db-wal'], []],
    [
      ['history.db', 'history.db.damaged'],
      ['bad /data/history.db: Restart Hob: it sets the file aside and begins anew'],
    ],
    [
      ['hub.db', 'hub.db.damaged', 'hub.db.state'],
      ['bad /data/hub.db: Restart Hob: it sets the file aside and goes on with the newest good backup'],
    ],
    [
      ['hub.db.damaged-1772000000000', 'hub.db.damaged-1772000000000-wal'],
      ['warning /data/hub.db.damaged-1772000000000: Look'],
    ],
    [
      ['history.db.damaged-1772000000000', 'history.db.damaged-1771000000000'],
      ['warning /data/history.db.damaged-1772000000000: Look at the card'],
    ],
    [['hub.db.damaged-1772000000000'], ['warning /data/hub.db.damaged-1772000000000: Look at the card']],
    [['history.db.damaged-1772000000000', 'history.db.damaged'], ['bad /data/history.db: Restart Hob']],
  ])('among %j is told as %j', async (names, told) => {
    const troubles = await findSetAside({ list: async () => names }, '/data')
    const says = troubles.map(({ state, where, repair }) => `${state} ${where}: ${repair}`)
    expect(says.map((text, i) => text.slice(0, told[i]?.length))).toEqual(told)
  })
})

describe('this machine', () => {
  it('reads files and lists folders, and knows its disk', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder.path, 'a'), '1\n')
    expect(await machineFiles.read(join(folder.path, 'a'))).toBe('1\n')
    expect(await machineFiles.list(folder.path)).toEqual(['a'])
    const disk = await machineFiles.disk(folder.path)
    expect(disk!.size).toBeGreaterThan(disk!.free)
    const gone = join(folder.path, 'gone')
    expect([await machineFiles.read(gone), await machineFiles.list(gone), await machineFiles.disk(gone)]).toEqual([
      null,
      null,
      null,
    ])
    folder.remove()
  })

  it('knows how late its event loop was', async () => {
    const meter = watchLoop()
    const late = async () => {
      for (;;) {
        await new Promise(resolve => setImmediate(resolve))
        const delay = meter.look()
        if (delay !== null && delay.longest >= 200) return delay
        // A turn that takes longer than the samples are apart.
        const until = performance.now() + 400
        while (performance.now() < until);
      }
    }
    const delay = await late()
    expect(delay.p99).toBeLessThanOrEqual(delay.longest)
    meter.close()
  })
})

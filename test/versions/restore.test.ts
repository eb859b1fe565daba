import { describe, expect, it } from 'vitest'
import { createUlids, toPayload, type Cause } from '#kernel'
import { loadConfig } from '../../server/config.ts'
import { closeParts, createParts, openParts } from '../../server/hub.ts'
import { openStorage } from '../../server/storage/index.ts'
import { createTestClock } from '../support/clock.ts'

const EDITS = 1_000
const seed = Number(process.env['HOB_SEED'] ?? Date.now() % 0x7fffffff)
console.log(`random edits: HOB_SEED=${seed}`)

/** Numbers below `n` that a seed decides (mulberry32). */
function createDice(state: number) {
  return (n: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n
  }
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** A hub in memory with three areas, four devices and a rule file. */
async function startParts() {
  const clock = createTestClock()
  const newId = createUlids(clock.now, length => new Uint8Array(length))
  const storage = await openStorage({
    ...{ folder: null, clock, log: quiet, writeBudget: () => 0 },
    onFatal: error => {
      throw error
    },
  })
  const config = loadConfig({ data: '/nonexistent', env: {}, flags: {} })
  const parts = createParts({ config, clock, log: quiet, version: '0.0.0' }, storage)
  await openParts(parts)
  const { registry, broker, engine, causes } = parts
  const cause = () => causes.root('user', 'anna')
  for (const name of ['Hall', 'Attic', 'Kitchen']) await registry.addArea({ name }, cause())
  for (const key of ['lamp', 'fan', 'meter', 'bell']) {
    const about = { unique_id: key, state_topic: `${key}/state`, device: { identifiers: [key], name: key } }
    const topic = `homeassistant/sensor/${key}/config`
    broker.publish({ topic, payload: toPayload(JSON.stringify(about)), retain: true, cause: cause() })
  }
  for (const { id } of registry.candidates()) await registry.adopt(id, { area: 'hall' }, cause())
  await engine.save({ slug: 'porch', text: ruleText(0), ifVersion: 0 }, cause())
  const close = async () => {
    await closeParts(parts)
    await storage.close()
  }
  return { ...parts, newId, cause, close }
}

const ruleText = (n: number) => `# the porch, ${n}\non: home/door\ndo:\n  publish: home/porch\n  payload: "${n}"\n`

type Parts = Awaited<ReturnType<typeof startParts>>
type Kind = 'area' | 'device' | 'entity' | 'settings' | 'rule_file'

interface Done {
  readonly kind: Kind
  readonly object: string
  readonly version: number
  /** What the object was then, told by its owner. */
  readonly was: string
}

/** What people decided about an object, as its owner says: nothing of this comes from its versions. */
function lookAt({ registry, settings, engine }: Parts, kind: Kind, object: string): { is: string; version: number } {
  if (kind === 'settings') return { is: JSON.stringify(settings.current()), version: settings.version() }
  if (kind === 'rule_file') return { is: engine.file(object)!.text, version: engine.file(object)!.version }
  const version = registry.version(object)!
  if (kind === 'area') {
    const { slug, name } = registry.area(object)!
    return { is: JSON.stringify({ slug, name }), version }
  }
  if (kind === 'device') {
    const { slug, name, area } = registry.device(object)!
    return { is: JSON.stringify({ slug, name, area: area?.id ?? null }), version }
  }
  // Its own name and area show beside those of its device.
  const { slug, name, area } = registry.entity(object)!
  return { is: JSON.stringify({ slug, name, area: area?.id ?? null }), version }
}

const NAMES = [
  'Lamp',
  'Großes Licht',
  '"quoted"',
  'ünï – ☃ 🏠',
  '\\',
  "a'b",
  '{"slug":1}',
  '  two  words ',
  'x'.repeat(200),
]

/** One random edit of a random thing. @returns which one. */
async function edit(parts: Parts, dice: (n: number) => number, n: number): Promise<Omit<Done, 'version' | 'was'>> {
  const { registry, settings, engine, cause } = parts
  const pick = <T>(list: readonly T[]): T => list[dice(list.length)]!
  const name = `${pick(NAMES).slice(0, 190)} ${dice(50)}`
  const slug = dice(2) === 0 ? {} : { slug: `s_${n}` }
  const area = dice(2) === 0 ? {} : { area: pick([null, ...registry.areas().map(({ id }) => id)]) }
  const by = { cause: cause() }
  switch (pick(['area', 'device', 'entity', 'settings', 'rule_file'] as const)) {
    case 'area': {
      const { id } = pick(registry.areas())
      await registry.changeArea(id, { name, ...slug }, by)
      return { kind: 'area', object: id }
    }
    case 'device': {
      const { id } = pick(registry.devices())
      await registry.changeDevice(id, { ...(dice(2) === 0 ? {} : { name }), ...slug, ...area }, by)
      return { kind: 'device', object: id }
    }
    case 'entity': {
      const { id } = pick(registry.entities())
      await registry.changeEntity(id, { name, area: pick(registry.areas()).id, ...slug }, by)
      return { kind: 'entity', object: id }
    }
    case 'settings': {
      const place = dice(2) === 0 ? null : { latitude: dice(900) / 10, longitude: dice(1_800) / 10 - 90 }
      const change = { name: name.trim().slice(0, 60), place, writeBudget: pick([0, 10, 60] as const) }
      await settings.change(dice(2) === 0 ? change : { onboarded: dice(2) === 0 }, by)
      return { kind: 'settings', object: 'house' }
    }
    case 'rule_file':
      await engine.save({ slug: 'porch', text: `${ruleText(dice(1_000))}# ${name}\n`, ifVersion: null }, by.cause)
      return { kind: 'rule_file', object: 'porch' }
  }
}

describe('versions', () => {
  it(`bring back any of ${EDITS} random edits, byte for byte`, async () => {
    const parts = await startParts()
    const dice = createDice(seed)
    const done: Done[] = []
    for (let n = 0; n < EDITS; n++) {
      const { kind, object } = await edit(parts, dice, n)
      const { is, version } = lookAt(parts, kind, object)
      done.push({ kind, object, version, was: is })
    }
    while (done.length > 0) {
      const [{ kind, object, version, was }] = done.splice(dice(done.length), 1) as [Done]
      const before = lookAt(parts, kind, object).version
      const now = await parts.versions.restore(kind, object, { version, cause: parts.cause(), ifVersion: before })
      expect(now).toBe(before + 1)
      expect([kind, object, version, lookAt(parts, kind, object).is]).toEqual([kind, object, version, was])
      const [newest] = await parts.versions.list(kind, object, { limit: 1 })
      expect(newest!.version).toBe(now)
      if (kind !== 'entity') expect(newest!.content).toBe(was)
    }
    await parts.close()
  })

  it('bring a removed area back as the one it was', async () => {
    const parts = await startParts()
    const { registry, versions } = parts
    const { id } = registry.area('attic')!
    const cause: Cause = parts.cause()
    await registry.removeArea(id, cause)
    await expect(versions.restore('area', id, { version: 2, cause })).rejects.toThrow('version 2 is its removal')
    expect(await versions.restore('area', id, { version: 1, cause })).toBe(3)
    expect(registry.area('attic')).toMatchObject({ id, name: 'Attic', version: 3 })
    const told = await versions.list('area', id, { limit: 10 })
    expect(told.map(({ version, words }) => [version, words])).toEqual([
      [3, ['brought back']],
      [2, ['removed']],
      [1, ['the oldest version']],
    ])
    await parts.close()
  })
})

import { createDurableWait, toPayload, type Cause, type CauseKind, type Log } from '#kernel'
import type { StoredUser } from '../../../server/access/index.ts'
import { defaultLimits } from '../../../server/broker/index.ts'
import { loadConfig } from '../../../server/config.ts'
import type { Activity, ActivityAsk, CauseLink } from '../../../server/history/index.ts'
import { closeParts, createParts, openParts } from '../../../server/hub.ts'
import { openStorage } from '../../../server/storage/index.ts'
import { createTestClock } from '../../support/clock.ts'

/** The house of the scenes: each thing is an MQTT client of its own. */
const THINGS = {
  Kitchen: { component: 'switch', config: { command_topic: 'kitchen/set' } },
  Lamp: {
    component: 'light',
    config: { schema: 'json', command_topic: 'lamp/set', brightness: true, brightness_scale: 100 },
  },
  Button: { component: 'sensor', config: {} },
  Motion: { component: 'binary_sensor', config: { device_class: 'motion' } },
  Meter: { component: 'sensor', config: { device_class: 'power', unit_of_measurement: 'W' } },
} as const

const CAUSE: Cause = { id: 'C', parent: null, kind: 'hub', who: 'test', depth: 0, byRule: false }
const ANNA = {
  ...{ id: 'U', name: 'anna', role: 'owner' as const, areaRole: null, password: '', recovery: null },
  ...{ createdAt: 0, disabled: false },
} satisfies StoredUser
const ANNA_COMES = { op: 'access.user.put', user: ANNA, cause: CAUSE } as const

const EVERYTHING_GOES = { mayPublish: () => true, maySubscribe: () => true, mayReceive: () => true } as const

const slugOf = (name: string) => name.toLowerCase()

function wordsOf(link: CauseLink): string {
  switch (link.kind) {
    case 'rule':
      return `rule ${link.name}`
    case 'change':
      return `${link.name} ${link.value} ${JSON.stringify(link.to)}`
    case 'device':
      return `${link.name} itself`
    default:
      return `${link.kind} ${link.name}`
  }
}

function deedOf({ what }: Activity): string {
  switch (what.kind) {
    case 'change':
      return `${what.value} ${JSON.stringify(what.to)}`
    case 'online':
      return what.to ? 'there' : 'gone'
    case 'command':
      return `${what.command} ${what.state}`
    case 'run':
      return `ran ${what.state}`
    case 'device':
      return what.change
  }
}

/** One line: what happened, to what, and why. */
export function told(activity: Activity): string {
  const { what, entity, device, cause, count } = activity
  const name = what.kind === 'run' ? what.name : (entity ?? device)!.name
  const times = count === 1 ? '' : ` (${count}x)`
  return [`${name} ${deedOf(activity)}${times}`, ...cause.map(wordsOf)].join(' <- ')
}

export interface Scene {
  readonly ids: ReadonlyMap<string, string>
  /**
   * What happens: `Kitchen says ON`, `nodered says kitchen/state ON`, `anna asks Kitchen turn_on {"brightness":40}` (or
   * `token`, `pass`), `5 s pass`, `restart`, `anna forgets Kitchen`.
   */
  play(step: string): Promise<void>
  ask(ask?: Partial<ActivityAsk>): Promise<readonly Activity[]>
  /** Of one thing, or of the house; newest first. */
  lines(name?: string): Promise<string[]>
  keepNothingOf(name: string): Promise<void>
  /** Characters of activity that were written so far. */
  written(): Promise<number>
  close(): Promise<void>
}

const EVERYTHING: ActivityAsk = {
  ...{ from: 0, to: Number.MAX_SAFE_INTEGER, only: null, kinds: null, words: [], searchesCauses: true, areas: null },
  ...{ before: null, limit: 200 },
}

type Parts = ReturnType<typeof createParts>

/** Opens a house with these rules in a folder or in memory, on a clock moved by hand. */
export async function openScene(folder: string | null, rules: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const clock = createTestClock(Date.UTC(2026, 2, 1, 20))
  const complain = (facts: object, text: string) => {
    throw new Error(`${text} ${JSON.stringify(facts)}`)
  }
  const log: Log = { debug() {}, info() {}, warn() {}, error: complain }
  const config = loadConfig({ data: '/nonexistent', env: {}, flags: {} })
  const onFatal = (error: Error) => {
    throw error
  }
  let isPeopled = false
  const open = async () => {
    const storage = await openStorage({ folder, threads: false, clock, log, writeBudget: () => 10, onFatal })
    // Past `addUser`, which takes its time to hash a password.
    if (!isPeopled) await createDurableWait(storage.access)(storage.access.write(ANNA_COMES))
    isPeopled = true
    const parts = createParts({ config, clock, log, version: '0.0.0' }, storage)
    await openParts(parts)
    return { storage, parts }
  }
  let house = await open()
  const ids = new Map<string, string>()
  /** Waits for what is on its way to the disk, and for what waits for that. */
  const settle = async () => void (await house.storage.versions.find({ kind: 'area', object: 'none' } as never))

  const causeOf = (who: string): Cause => {
    const kind: CauseKind = who === 'token' || who === 'pass' ? who : 'user'
    return house.parts.causes.root(kind, kind === 'user' ? who : ids.get(who)!)
  }
  const say = ({ broker }: Parts, by: { user: string; clientId: string }, topic: string, payload: string) =>
    broker.publishAs(
      { ...by, rules: EVERYTHING_GOES, limits: { maxPacketSize: 65_536, maxRetained: defaultLimits.maxRetained } },
      { topic, payload: toPayload(payload), qos: 0, retain: topic.endsWith('/config'), properties: null },
    )
  const own = (name: string) => ({ user: `d-${slugOf(name)}`, clientId: `${slugOf(name)}-1` })

  const { registry, access, engine } = house.parts
  const token = { user: ANNA.name, scopes: ['control'] as const, areas: null, expiresAt: null }
  ids.set('token', (await access.addToken(token, causeOf('anna'))).token.id)
  for (const [name, { component, config: more }] of Object.entries(THINGS)) {
    const slug = slugOf(name)
    const about = { unique_id: slug, name: null, state_topic: `${slug}/state`, device: { identifiers: [slug], name } }
    say(house.parts, own(name), `homeassistant/${component}/${slug}/config`, JSON.stringify({ ...about, ...more }))
    const candidate = registry.candidates().find(each => each.name === name)!
    const device = await registry.adopt(candidate.id, {}, causeOf('anna'))
    ids.set(name, device.entities[0]!.id)
    ids.set(`${name} device`, device.id)
  }
  const window = { from: clock.now(), until: clock.now() + 86_400_000 }
  const pass = { name: 'Dog sitter', entities: [ids.get('Kitchen')!], may: 'control' as const, ...window }
  ids.set('pass', (await access.addPass(pass, causeOf('anna'))).pass.id)
  for (const [slug, text] of Object.entries(rules)) {
    const { faults } = engine.check(text)
    if (faults.some(({ severity }) => severity === 'error')) throw new Error(JSON.stringify(faults))
    await engine.save({ slug, text, ifVersion: 0 }, causeOf('anna'))
  }

  async function restart(): Promise<void> {
    await closeParts(house.parts)
    await house.storage.close()
    house = await open()
  }

  async function play(step: string): Promise<void> {
    const [who = '', verb, what = '', ...rest] = step.split(' ')
    if (step === 'restart') await restart()
    else if (verb === 's' && what === 'pass') clock.advance(Number(who) * 1_000)
    else if (verb === 'says' && who in THINGS)
      say(house.parts, own(who), `${slugOf(who)}/state`, [what, ...rest].join(' '))
    else if (verb === 'says') say(house.parts, { user: 'c-tools', clientId: who }, what, rest.join(' '))
    else if (verb === 'asks') {
      const [command = '', values = '{}'] = rest
      house.parts.registry.command(ids.get(what)!, { command, values: JSON.parse(values) }, causeOf(who))
    } else if (verb === 'forgets') await house.parts.registry.forget(ids.get(`${what} device`)!, causeOf(who))
    else throw new Error(`what is "${step}"?`)
    await settle()
  }

  const ask: Scene['ask'] = async asked => (await house.parts.history.activity({ ...EVERYTHING, ...asked })).items
  return {
    ids,
    play,
    ask,
    async lines(name) {
      const only = name === undefined ? null : { entities: [ids.get(name)!], devices: [ids.get(`${name} device`)!] }
      return (await ask({ only, kinds: name === undefined ? null : ['change', 'online', 'command'] })).map(told)
    },
    async keepNothingOf(name) {
      const retention = { ...house.parts.settings.current().retention, entities: { [ids.get(name)!]: 0 } }
      await house.parts.settings.change({ retention }, { cause: causeOf('anna') })
    },
    async written() {
      await house.storage.history.flush()
      return (await house.storage.history.written()).activity
    },
    async close() {
      await closeParts(house.parts)
      await house.storage.close()
    },
  }
}

import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { CandidateJson, DeviceJson, EntityJson, RuleFileJson } from '#api'
import { askThrough, type Ask } from '../../server/cli/index.ts'
import { loadConfig } from '../../server/config.ts'
import { createHub } from '../../server/hub.ts'
import { LOCAL_SOCKET } from '../../server/paths.ts'
import { createLog } from '../../server/log.ts'
import { version, webFolder } from '../../server/paths.ts'
import { createDemoClock, type DemoClock } from './clock.ts'
import { createHabits } from './habits.ts'
import { areas, createHousehold, LOST, NEWCOMER, places } from './household.ts'
import type { SimulatedClient } from './firmware/device.ts'
import { openLink, type Link, type LinkOptions } from './link.ts'
import { letPeopleIn } from './people.ts'
import { createHouseModel } from './model/house-model.ts'

const MINUTE = 60_000
const ZONE = 'Europe/Berlin'
const DAY = 24 * 60 * MINUTE
/** Minutes of the past that are played before the house is shown: more than a sparkline holds. */
const PAST = 130
/** Milliseconds between two reports in the days before. */
const COARSE = 5 * MINUTE
/** Minutes before the end at which a device is lost, and another one falls silent. */
const LOST_BEFORE = 100
const STALE_BEFORE = 80
/** Minutes before the end at which the rules are written. */
const RULES_BEFORE = 65
/** Switched off, as a person would. */
const DISABLED_RULE = 'water-garden'
const OWNER = 'demo'

export interface DemoOptions {
  /** Ports; 0 takes any free one. */
  readonly httpPort?: number
  readonly mqttPort?: number
  readonly seed?: string
  /** How much faster than time the curves run. Default 1. */
  readonly fast?: number
  /** Days of history before the two hours that are always played, five minutes a step. Default 0. */
  readonly days?: number
  /** Stops the house's wall clock at this moment, so that it looks the same in every run. Left out: it is now, and goes on. */
  readonly at?: number
}

export interface Demo {
  readonly url: string
  readonly mqtt: { readonly host: string; readonly port: number }
  /** Signs in as the owner, once. */
  readonly signInLink: string
  /** Asks the API as the owner. */
  readonly ask: Ask
  /** Ends the house and the hub and removes their folder. */
  stop(): Promise<void>
}

const wait = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** Asks until an answer fits. */
async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (fits(answer)) return answer
    await wait(5)
  }
}

/** The items of a list. */
async function get<T>(ask: Ask, path: string): Promise<readonly T[]> {
  return ((await ask('GET', path)) as { items: T[] }).items
}

async function openHub(
  folder: string,
  clock: DemoClock,
  { httpPort = 0, mqttPort = 0, undo }: DemoOptions & { undo: ReturnType<typeof createUndo> },
) {
  const config = loadConfig({
    data: folder,
    env: {},
    flags: { host: '127.0.0.1', http_port: httpPort, mqtt_port: mqttPort, mqtts_port: 0, log_level: 'error' },
  })
  const hub = await createHub({
    config,
    clock,
    log: createLog(config.logLevel),
    version,
    webFolder,
    onFatal(error) {
      throw error
    },
  })
  undo.add(hub.close)
  const { http, mqtt } = await hub.listen()
  const [host = '', port = ''] = mqtt.split(':')
  return { url: http, mqtt: { host, port: Number(port) } }
}

/** Account, house, rooms. */
async function furnish(ask: Ask): Promise<void> {
  await ask('POST', '/users', { name: OWNER, role: 'owner', password: randomBytes(18).toString('base64url') })
  await ask('PATCH', '/settings', { zone: ZONE, place: { latitude: 52.52, longitude: 13.4 } })
  for (const [slug, name] of Object.entries(areas)) await ask('POST', '/areas', { name, slug })
}

/** Gives a client its credential and lets it in. */
async function connect(
  ask: Ask,
  client: SimulatedClient,
  to: Omit<LinkOptions, 'username' | 'password'>,
): Promise<Link> {
  const credential = { name: client.name.replaceAll('-', ' '), full: true }
  const login = (await ask('POST', '/mqtt/credentials', credential)) as { username: string; password: string }
  return openLink(client, { ...to, ...login })
}

async function adopt(ask: Ask): Promise<void> {
  const { candidates } = await until(
    () => ask('GET', '/pairing') as Promise<{ candidates: CandidateJson[] }>,
    answer => answer.candidates.length > Object.keys(places).length,
  )
  for (const { id, name } of candidates) {
    if (name !== NEWCOMER) await ask('POST', `/pairing/candidates/${id}/adopt`, { name, area: places[name] })
  }
}

/** The days before, for whoever looks at history: devices speak, people do what they do every day. */
async function playDays(ask: Ask, links: readonly Link[], { clock, until }: { clock: DemoClock; until: number }) {
  const habits = createHabits(await get<DeviceJson>(ask, '/devices'), { zone: ZONE, from: clock.now() })
  while (clock.now() + COARSE < until) {
    clock.skip(COARSE)
    await Promise.all(links.map(link => link.tick()))
    for (const { entity, command } of habits.due(clock.now()))
      await ask('POST', `/entities/${entity}/commands?wait=5s`, command)
  }
  clock.skip(until - clock.now())
}

/** The hours before, a minute at a time, so that every curve has its past and every rule its runs. */
async function playPast(ask: Ask, links: readonly Link[], clock: DemoClock): Promise<void> {
  for (let left = PAST; left >= 0; left--) {
    clock.skip(MINUTE)
    if (left < RULES_BEFORE) await settle(ask)
    if (left === LOST_BEFORE) await links.find(({ name }) => name === LOST)!.lose()
    if (left === RULES_BEFORE) await writeRules(ask)
    await Promise.all(links.map(link => link.tick()))
    if (left <= RULES_BEFORE) await settle(ask)
  }
}

/** Waits until the hub has done what follows from what was said: time is skipped only then, so that all runs are alike. */
async function settle(ask: Ask): Promise<void> {
  const isIdle = ({ rules }: RuleFileJson) =>
    rules.every(({ openRuns }) => openRuns.every(({ state }) => state !== 'running'))
  await until(
    () => get<RuleFileJson>(ask, '/rules'),
    files => files.every(isIdle),
  )
  await until(
    () => get<EntityJson>(ask, '/entities'),
    entities => entities.every(({ pending }) => pending === null),
  )
}

async function writeRules(ask: Ask): Promise<void> {
  const folder = join(import.meta.dirname, 'rules')
  for (const file of readdirSync(folder).toSorted()) {
    const slug = basename(file, '.yaml').replaceAll('-', '_')
    await ask('PUT', `/rules/${slug}`, { text: readFileSync(join(folder, file), 'utf8') })
    if (file === `${DISABLED_RULE}.yaml`) await ask('PATCH', `/rules/${slug}`, { enabled: false })
  }
}

function isLost(devices: readonly DeviceJson[]): boolean {
  return devices.some(({ user, online }) => user === `c-${LOST.replaceAll('-', '_')}` && online === false)
}

/** Lets every device speak once a second. */
function keepTalking(links: readonly Link[]): () => void {
  const timer = setInterval(() => {
    for (const link of links) void link.tick()
  }, 1_000)
  return () => clearInterval(timer)
}

/** The link that signs the owner in. */
async function signInLink(ask: Ask, url: string): Promise<string> {
  const { path } = (await ask('POST', '/session/links', { user: OWNER })) as { path: string }
  return url + path
}

/** Steps to be undone in reverse, also when a later one fails. */
function createUndo() {
  const steps: (() => unknown)[] = []
  return {
    add: (step: () => unknown) => void steps.push(step),
    async run() {
      for (const step of steps.splice(0).toReversed()) await step()
    },
  }
}

/** A folder that is gone at the latest when the process is. */
function createFolder(undo: ReturnType<typeof createUndo>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hob-demo-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  undo.add(() => {
    remove()
    process.off('exit', remove)
  })
  return folder
}

async function build(options: DemoOptions, undo: ReturnType<typeof createUndo>): Promise<Omit<Demo, 'stop'>> {
  const { seed = 'home', fast = 1, days = 0, at = Date.now() } = options
  const folder = createFolder(undo)
  const hoursBefore = at - (PAST + 1) * MINUTE
  const clock = createDemoClock(hoursBefore - days * DAY)
  const hub = await openHub(folder, clock, { ...options, undo })
  const ask = askThrough(join(folder, LOCAL_SOCKET))
  const clients = createHousehold(createHouseModel({ seed, zone: ZONE }), at - STALE_BEFORE * MINUTE)
  await furnish(ask)
  const pace = { isHurried: true, now: () => (clock.now() <= at ? clock.now() : at + (clock.now() - at) * fast) }
  const links: Link[] = []
  undo.add(() => Promise.all(links.map(link => link.end())))
  for (const client of clients) links.push(await connect(ask, client, { ...hub.mqtt, pace }))
  await adopt(ask)
  if (days > 0) await playDays(ask, links, { clock, until: hoursBefore })
  await playPast(ask, links, clock)
  await until(() => get<DeviceJson>(ask, '/devices'), isLost)
  await letPeopleIn(ask, { owner: OWNER, now: clock.now() })
  pace.isHurried = false
  if (options.at === undefined) clock.run()
  undo.add(keepTalking(links))
  return { url: hub.url, mqtt: hub.mqtt, signInLink: await signInLink(ask, hub.url), ask }
}

/** A hub on a folder of its own with the simulated house, on real sockets. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const undo = createUndo()
  try {
    return { ...(await build(options, undo)), stop: undo.run }
  } catch (error) {
    await undo.run()
    throw error
  }
}

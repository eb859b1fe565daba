import type { Change, Command, CommandRequest, Entity, Event, Scalar, ValueSpec } from '#devices'
import {
  createCauses,
  HobError,
  toPayload,
  TopicTree,
  type Cause,
  type Causes,
  type Clock,
  type LocalSubscriber,
  type Message,
  type Publish,
} from '#kernel'
import type { World } from '#rules'
import { components } from '../../../devices/components/index.ts'

/** A device with one entity: its component and what is known of its values; `null` is unknown. */
export interface ThingSpec {
  /** The device it is a part of; its own when left out. */
  readonly device?: string
  readonly component?: string
  readonly area?: string
  readonly values: Readonly<Record<string, Scalar>>
  readonly confirmed?: boolean
  /** Those of its component when left out. */
  readonly commands?: Entity['commands']
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type LiveValue = Writable<Entity['values'] extends ReadonlyMap<string, infer V> ? V : never>

/** What the engine made happen. */
export type Effect =
  | {
      readonly publish: string
      readonly payload: string
      readonly qos?: number
      readonly retain?: true
      readonly expiry?: number
    }
  | { readonly command: string; readonly of: string; readonly values?: Readonly<Record<string, Scalar>> }
  | { readonly log: string }

export interface House {
  readonly world: World
  readonly causes: Causes
  readonly effects: { readonly effect: Effect; readonly cause: Cause }[]
  entity(slug: string): Entity
  /** A device reports: one event. `null` is unknown. */
  report(values: Readonly<Record<string, Scalar>>, cause?: Cause): void
  /** A client publishes. */
  message(
    topic: string,
    payload: string | Uint8Array,
    how?: { replayed?: boolean; cause?: Cause; qos?: 0 | 1 | 2 },
  ): void
  add(slug: string, thing: ThingSpec): void
  remove(slug: string): void
  setHouse(change: { zone: string }): void
  /** Messages that whoever subscribes gets at once, by topic. */
  readonly retained: Map<string, string>
  /** All that were given, as they were given. */
  readonly commands: readonly Command[]
  /** What becomes of a command. */
  answer(command: Command, end: Pick<Command, 'state' | 'reason'>): void
  /** Lamps report what they were told, in the name of who told them. */
  obeys: boolean
  /** Handles messages that rules published, to the end. */
  settle(): void
}

const NUMBER: ValueSpec = { type: 'number' }
const specOf = (component: string, name: string, value: Scalar): ValueSpec =>
  components.get(component)?.values[name] ??
  (typeof value === 'boolean' ? { type: 'bool' } : typeof value === 'string' ? { type: 'text' } : NUMBER)

/** A house without sockets: values, messages and commands by hand. */
export function createHouse(options: {
  clock: Clock
  newId: () => string
  things: Readonly<Record<string, ThingSpec>>
  retained?: Map<string, string>
  onEvent: (event: Event) => void
}): House {
  const { clock, newId } = options
  const causes = createCauses(newId)
  const tree = new TopicTree<LocalSubscriber>()
  const entities = new Map<string, Entity>()
  const effects: House['effects'] = []
  const structure: (() => void)[] = []
  const places: (() => void)[] = []
  const queue: Message[] = []
  const areas = new Map<string, { id: string; slug: string; name: string }>()
  let zone = 'Europe/Berlin'
  let seq = 0

  function add(
    slug: string,
    { device: owner = slug, component = 'sensor', area, values, confirmed = true, commands }: ThingSpec,
  ): void {
    const place = area === undefined ? null : (areas.get(area) ?? { id: newId(), slug: area, name: area })
    if (place !== null) areas.set(place.slug, place)
    const own = new Map<string, LiveValue>()
    for (const [name, value] of Object.entries(values)) {
      const at = value === null ? 0 : clock.now() - 60_000
      own.set(name, {
        name,
        spec: specOf(component, name, value),
        value,
        changedAt: at,
        at,
        confirmed,
        changedBy: null,
        every: null,
      })
    }
    const known = [...entities.values()].find(each => each.device.slug === owner)?.device
    const device = known ?? {
      id: newId(),
      slug: owner,
      name: owner,
      area: place,
      dialect: 'test',
      manufacturer: null,
      model: null,
      software: null,
      identifiers: [],
      user: null,
      clientId: null,
      topics: [],
      adoptedAt: 1,
      entities: [] as Entity[],
      lastSeen: 0,
    }
    const entity: Entity = {
      id: newId(),
      slug,
      name: slug,
      key: slug,
      device,
      area: place,
      component,
      deviceClass: null,
      category: null,
      values: own,
      commands: commands ?? components.get(component)?.commands ?? [],
      online: true,
      pending: null,
      trouble: null,
      version: 1,
    }
    ;(device.entities as Entity[]).push(entity)
    entities.set(slug, entity)
  }
  for (const [slug, thing] of Object.entries(options.things)) add(slug, thing)

  const emit = (cause: Cause, rest: { message?: Message; matched?: readonly LocalSubscriber[]; changes?: Change[] }) =>
    options.onEvent({
      seq: ++seq,
      at: clock.now(),
      message: rest.message ?? null,
      matched: rest.matched ?? [],
      changes: rest.changes ?? [],
      cause,
    })

  function toChanges(values: Readonly<Record<string, Scalar>>, changedBy: Cause): Change[] {
    return Object.entries(values).flatMap(([name, to]): Change[] => {
      const [slug = '', key = ''] = name.split('.')
      const entity = entities.get(slug)!
      const value = entity.values.get(key) as LiveValue
      const from = value.value
      value.at = clock.now()
      value.confirmed = true
      if (from === to) return []
      value.value = to
      value.changedAt = clock.now()
      value.changedBy = changedBy
      return [{ kind: 'value', entity, value, from, to, cause: changedBy }]
    })
  }

  function toMessage(topic: string, payload: string | Uint8Array, rest: Partial<Message> & { cause: Cause }): Message {
    return {
      topic,
      payload: typeof payload === 'string' ? toPayload(payload) : payload,
      qos: 0,
      retain: false,
      properties: null,
      expiresAt: null,
      publisher: null,
      at: clock.now(),
      replayed: false,
      ...rest,
    }
  }

  const publish: Publish = ({ topic, payload, qos = 0, retain = false, expiry, cause }) => {
    const text = typeof payload === 'string' ? payload : new TextDecoder().decode(payload)
    const flags = {
      ...(qos === 0 ? {} : { qos }),
      ...(retain ? ({ retain } as const) : {}),
      ...(expiry === undefined ? {} : { expiry }),
    }
    effects.push({ effect: { publish: topic, payload: text, ...flags }, cause })
    queue.push(toMessage(topic, payload, { qos, retain, cause }))
  }

  function command(id: string, request: CommandRequest, cause: Cause): Command {
    const entity = [...entities.values()].find(each => each.id === id)
    if (entity === undefined) throw new HobError('devices.unknown_entity', 'there is no such entity')
    const values = Object.keys(request.values).length === 0 ? {} : { values: request.values }
    effects.push({ effect: { command: request.command, of: entity.slug, ...values }, cause })
    const done: Command = {
      ...request,
      id: newId(),
      entity: id,
      cause,
      at: clock.now(),
      state: 'pending',
      reason: null,
    }
    commands.push(done)
    if (entity.online === false) return { ...done, state: 'failed', reason: `${entity.slug} is offline` }
    emit(cause, { changes: [{ kind: 'command', command: done }] })
    if (house.obeys) {
      const on = request.command === 'toggle' ? entity.values.get('on')?.value !== true : request.command !== 'turn_off'
      const told = Object.fromEntries(
        Object.entries({ on, ...request.values }).map(([name, to]) => [`${entity.slug}.${name}`, to]),
      )
      const confirmed: Change = { kind: 'command', command: { ...done, state: 'confirmed' } }
      answers.push(() => emit(causes.root('device', entity.slug), { changes: [...toChanges(told, cause), confirmed] }))
    }
    return done
  }
  const answers: (() => void)[] = []
  const commands: Command[] = []

  function settle(): void {
    for (let i = 0; i < 100_000; i++) {
      const message = queue.shift()
      if (message !== undefined) {
        const matched = tree.match(message.topic)
        if (matched.length > 0) emit(message.cause, { message, matched })
        continue
      }
      const answer = answers.shift()
      if (answer === undefined) return
      answer()
    }
    throw new Error('the house does not come to rest')
  }

  const house: House = {
    causes,
    effects,
    retained: options.retained ?? new Map<string, string>(),
    commands,
    answer(command, end) {
      emit(command.cause, { changes: [{ kind: 'command', command: { ...command, ...end } }] })
    },
    obeys: false,
    settle,
    add(slug, thing) {
      add(slug, thing)
      for (const listener of structure) listener()
    },
    remove(slug) {
      entities.delete(slug)
      for (const listener of structure) listener()
    },
    entity: slug => entities.get(slug)!,
    report(values, cause = causes.root('device', 'sensor')) {
      emit(cause, { changes: toChanges(values, cause) })
      settle()
    },
    message(topic, payload, { replayed = false, qos = 0, cause = causes.root('device', 'client') } = {}) {
      const message = toMessage(topic, payload, { qos, cause, replayed, publisher: { user: 'u', clientId: 'client' } })
      const matched = tree.match(topic)
      if (matched.length > 0) emit(cause, { message, matched })
      settle()
    },
    setHouse(change) {
      zone = change.zone
      for (const listener of places) listener()
    },
    world: {
      catalogue: {
        components,
        entities: () => [...entities.values()],
        areas: () => [...areas.values()],
        aliases: () => new Map(),
      },
      house: () => ({ zone, place: null }),
      publish,
      subscriptions: {
        add(filter, own) {
          tree.add(filter, own)
          for (const [topic, payload] of house.retained) {
            if (!tree.match(topic).includes(own)) continue
            const message = toMessage(topic, payload, {
              retain: true,
              replayed: true,
              cause: causes.root('hub', 'hub'),
            })
            emit(message.cause, { message, matched: [own] })
          }
        },
        remove: (filter, own) => void tree.remove(filter, own),
      },
      command,
      onStructure: listener => void structure.push(listener),
      onHouse: listener => void places.push(listener),
    },
  }
  return house
}

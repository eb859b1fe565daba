import type { ChangeJson, EntityJson, ValueJson } from '#api'

/** A value as last told. Times are milliseconds since 1970, null when never. */
export interface Value {
  readonly value: ValueJson['value']
  readonly unit: string
  readonly at: number | null
  readonly changedAt: number | null
  /** False for what the hub remembers from before its start, until the device speaks. */
  readonly confirmed: boolean
  /** Usual milliseconds between two reports, null while unknown. */
  readonly every: number | null
}

/** What this page asked of an entity and has no answer to. */
export interface Ask {
  readonly command: string
  readonly values: Readonly<Record<string, ValueJson['value']>>
  /** Given by the hub once it has taken the command. */
  readonly id: string | null
}

/** A command that came to nothing. */
export interface Trouble extends Pick<Ask, 'command' | 'values'> {
  /** `silent`: the device did not answer in time. `refused`: the hub or the device could not; `reason` says why. */
  readonly kind: 'silent' | 'refused'
  readonly reason: string
  /** This page asked: it is told aloud. */
  readonly isOwn: boolean
  /** The hub knows of it, and says when it is over. */
  readonly isTold: boolean
}

type Facts = Pick<
  EntityJson,
  'slug' | 'name' | 'device' | 'area' | 'component' | 'deviceClass' | 'category' | 'commands'
>

const toTime = (text: string | null) => (text === null ? null : Date.parse(text))

function toValue(json: ValueJson): Value {
  const { value, unit = '', confirmed, every } = json
  return { value, unit, confirmed, every, at: toTime(json.at), changedAt: toTime(json.changedAt) }
}

/** One entity of the house, live. It stays the same object while it exists, so a pane keeps it and re-renders alone. */
export class Entity {
  readonly id: string
  facts = $state.raw<Facts>() as Facts
  values = $state.raw<Readonly<Record<string, Value>>>({})
  online = $state<boolean | null>(null)
  /** When it went away, if that was seen. */
  offlineSince = $state<number | null>(null)
  /** The newest report of any of its values. */
  heardAt = $state<number | null>(null)
  /** A command of anybody that the device has not answered yet. */
  pending = $state.raw<EntityJson['pending']>(null)
  ask = $state.raw<Ask | null>(null)
  trouble = $state.raw<Trouble | null>(null)
  /** Grows with each command of this page that the device confirmed. */
  confirmations = $state(0)

  constructor(json: EntityJson) {
    this.id = json.id
    this.load(json)
  }

  get name() {
    return this.facts.name
  }
  get device() {
    return this.facts.device
  }
  get area() {
    return this.facts.area
  }
  get component() {
    return this.facts.component
  }
  get deviceClass() {
    return this.facts.deviceClass
  }
  get isPending() {
    return this.ask !== null || this.pending !== null
  }

  /** Takes all that the hub says of it. */
  load(json: EntityJson): void {
    this.facts = json
    this.values = Object.fromEntries(Object.entries(json.values).map(([name, value]) => [name, toValue(value)]))
    this.#setOnline(json.online, null)
    this.pending = json.pending
    const times = Object.values(this.values).map(value => value.at ?? 0)
    this.heardAt = Math.max(this.heardAt ?? 0, ...times) || null
    if (json.trouble || this.trouble?.isTold) this.#setTrouble(json.trouble)
    // The end of the command was told while the page was away.
    if (this.pending === null) this.ask = null
  }

  /** Takes one change, told at `at`. */
  apply(change: ChangeJson, at: number): void {
    if ('value' in change) this.#setValue(change, at)
    else if ('online' in change) this.#setOnline(change.online, at)
    else if ('trouble' in change) this.#setTrouble(change.trouble)
    else this.pending = change.pending
  }

  /** It reported at `at`, and nothing was new. */
  hear(at: number): void {
    if (at > (this.heardAt ?? 0)) this.heardAt = at
  }

  #setValue({ value: name, to }: Extract<ChangeJson, { value: string }>, at: number): void {
    const old = this.values[name]
    const next: Value = {
      unit: '',
      every: null,
      ...old,
      value: to as Value['value'],
      at,
      changedAt: at,
      confirmed: true,
    }
    this.values = { ...this.values, [name]: next }
    this.trouble = null
    this.hear(at)
  }

  #setTrouble(told: EntityJson['trouble']): void {
    const isOwn = this.trouble?.isOwn === true
    this.trouble = told && { ...told, kind: told.state === 'expired' ? 'silent' : 'refused', isOwn, isTold: true }
  }

  #setOnline(online: boolean | null, at: number | null): void {
    if (online === this.online) return
    this.online = online
    this.offlineSince = online === false ? at : null
    if (online === false) this.trouble = null
  }
}

import { HobError, isJsonObject, isTopicFilter, isTopicName } from '#kernel'
import { compileTemplate, type Template } from '../../template/index.ts'
import type { AvailabilityRule, AvailabilitySource, EntityDescription, ReadingContext } from '../dialect.ts'
import { boolOf, listOf, nameOf, numberOf, textOf, type Fields } from '../fields.ts'
import type { Incoming } from '../incoming.ts'
/** What keeps an announcement from being used: where, what. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault'
  /** It is right, and asks for what the hub does not have yet. */
  readonly isUnsupported: boolean

  constructor(message: string, { isUnsupported = false } = {}) {
    super(message)
    this.isUnsupported = isUnsupported
  }
}

/** Renders one template over a message: the text, or null when the message says nothing. */
export type Render = (message: Incoming, context: ReadingContext) => string | null

/** Renders a command from the names that its template may use. @throws HobError `devices.command_template`. */
export type RenderCommand = (names: Readonly<Record<string, boolean | number | string>>) => string

/** Reads the fields of one entity's configuration. */
export class Config {
  readonly fields: Fields

  constructor(fields: Fields) {
    this.fields = fields
  }

  text(key: string): string | null {
    return textOf(this.fields[key])
  }

  /** A text with a default, as `payload_on`. */
  word(key: string, otherwise: string): string {
    return this.text(key) ?? otherwise
  }

  number(key: string): number | null {
    return numberOf(this.fields[key])
  }

  bool(key: string): boolean {
    return boolOf(this.fields[key]) ?? false
  }

  texts(key: string): string[] {
    return listOf(this.fields[key]).flatMap(item => textOf(item) ?? [])
  }

  /** A topic that is listened to. @throws ConfigFault */
  filter(key: string): string | null {
    const topic = this.text(key)
    if (topic === null || topic === '') return null
    if (!isTopicFilter(topic) || topic.startsWith('#'))
      throw new ConfigFault(`${key}: "${topic.slice(0, 100)}" is not a topic to listen to`)
    return topic
  }

  /** A topic that is published to. @throws ConfigFault */
  topic(key: string): string | null {
    const topic = this.text(key)
    if (topic === null || topic === '') return null
    if (!isTopicName(topic)) throw new ConfigFault(`${key}: "${topic.slice(0, 100)}" is not a topic to publish to`)
    return topic
  }

  /** All topics that commands go to, whatever they are for. */
  get commandTopics(): readonly string[] {
    return Object.keys(this.fields)
      .filter(key => key.endsWith('command_topic'))
      .flatMap(key => textOf(this.fields[key]) ?? [])
      .filter(isTopicName)
  }

  /** @throws ConfigFault */
  needed(key: string, found: string | null): string {
    if (found === null) throw new ConfigFault(`${key} is missing`)
    return found
  }

  /** The template in a field, null when there is none. @throws ConfigFault */
  template(key: string): Template | null {
    const source = this.text(key)
    if (source === null) return null
    const template = compileTemplate(source)
    if (!('fault' in template)) return template
    throw new ConfigFault(`${key}: ${template.fault}`, template)
  }

  /** What a template makes of a message; without one the payload itself. @throws ConfigFault */
  render(key: string): Render {
    const template = this.template(key)
    if (template === null) return ({ text }) => text?.trim() ?? null
    return ({ text, templateJson, at }, context) => {
      if (text === null) return null
      const rendered = template.render({ value: text, value_json: templateJson }, at)
      if ('text' in rendered) return rendered.text
      if (!rendered.isMissing) context.warn(`${key}: ${rendered.ignored}`)
      return null
    }
  }

  /** Renders a command; without a template the value itself. @throws ConfigFault */
  command(key: string): RenderCommand {
    const template = this.template(key)
    if (template === null) return ({ value }) => String(value)
    return names => {
      const rendered = template.render(names)
      if ('text' in rendered) return rendered.text
      throw new HobError('devices.command_template', `its ${key} cannot be rendered: ${rendered.ignored}`)
    }
  }

  /** QoS and retain of commands. */
  get delivery(): { qos: 0 | 1 | 2; retain: boolean } {
    const qos = this.number('qos')
    return { qos: qos === 1 || qos === 2 ? qos : 0, retain: this.bool('retain') }
  }
}

function source(config: Config, keys: { topic: string; template: string }): AvailabilitySource | null {
  const filter = config.filter(keys.topic)
  if (filter === null) return null
  const render = config.render(keys.template)
  const [online, offline] = [
    config.word('payload_available', 'online'),
    config.word('payload_not_available', 'offline'),
  ]
  return {
    filter,
    decode(message, context) {
      const text = render(message, context)
      return text === online ? true : text === offline ? false : null
    },
  }
}

/** Availability topics and how they go together; null when none is given. @throws ConfigFault */
function availabilityOf(config: Config): AvailabilityRule | null {
  const listed = listOf(config.fields['availability'])
    .filter(isJsonObject)
    .map(entry => source(new Config(entry), { topic: 'topic', template: 'value_template' }))
  const single = source(config, { topic: 'availability_topic', template: 'availability_template' })
  const sources = [...listed, single].filter(each => each !== null)
  if (sources.length === 0) return null
  const mode = config.text('availability_mode')
  return { mode: mode === 'all' || mode === 'any' ? mode : 'latest', sources, offlineDelay: 0 }
}

/** Who an entity is. */
export interface EntityKey {
  readonly key: string
  readonly component: string
  readonly deviceName: string | null
}

interface Named {
  readonly deviceClass: string | null
}

/** Empty: the device's name. Old firmware repeats that in front. Absent: it follows from the class. */
function entityName(given: unknown, { component, deviceName, deviceClass }: EntityKey & Named): string | null {
  if (given === null || given === '') return null
  const name = nameOf(given)
  if (name === null) {
    const words = (deviceClass ?? component).replaceAll('_', ' ')
    return words.slice(0, 1).toUpperCase() + words.slice(1)
  }
  if (deviceName === null || !name.toLowerCase().startsWith(deviceName.toLowerCase())) return name
  const rest = name.slice(deviceName.length)
  if (rest === '') return null
  const own = rest.replace(/^[\s_:-]+/, '')
  return own === rest ? name : own === '' ? null : own
}

type Own = Pick<EntityDescription, 'values' | 'readings'> & Partial<EntityDescription>

/** An entity with what all of them have in common. @throws ConfigFault */
export function entityOf(config: Config, who: EntityKey, own: Own): EntityDescription {
  const category = config.text('entity_category')
  const expireAfter = config.number('expire_after')
  return {
    key: who.key,
    uniqueId: config.text('unique_id'),
    component: who.component,
    name: entityName(config.fields['name'], { ...who, deviceClass: own.deviceClass ?? null }),
    deviceClass: null,
    category: category === 'config' || category === 'diagnostic' ? category : null,
    commands: [],
    availability: availabilityOf(config),
    encode: null,
    commandTopics: config.commandTopics,
    assumed: [],
    expireAfter: expireAfter === null || expireAfter <= 0 ? null : expireAfter * 1000,
    offDelay: null,
    ...own,
  }
}

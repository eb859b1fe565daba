import { HobError } from '#kernel'
import type { Candidate, Device, Entity, Value } from '../../../devices/index.ts'
import { createHouse, type House } from './house.ts'

// A transcript holds captured messages and, below, what the registry made of them. What stands at the margin goes in;
// indented lines come out:
//
//   > TOPIC PAYLOAD            a client publishes (>hex: the payload in hexadecimal digits)
//   ! DEVICE[.ENTITY] COMMAND JSON   a command, by slugs (the first entity that takes one); candidates are adopted first
//   wait SECONDS               the clock goes on
//   show [all]                 devices, entities, states; with "all" the diagnostic ones too
//     < TOPIC PAYLOAD          the hub published (retained ones and other QoS than 0 are marked)
//     = ...                    what is shown
//     -> ...                   how a command stands, whenever that changes
//     log: ...                 a log line

const INPUT = /^(>|>hex|!|wait|show)(?: |$)/

const shown = (value: unknown) => (value === null ? '?' : typeof value === 'string' ? value : JSON.stringify(value))

function valueLine({ name, value, spec }: Value): string {
  const range = spec.min === undefined && spec.max === undefined ? '' : ` (${spec.min}..${spec.max})`
  const options = spec.options === undefined ? '' : ` (${spec.options.join('|')})`
  return `${name}=${shown(value)}${spec.unit === undefined ? '' : ` ${spec.unit}`}${range}${options}`
}

function entityLine(entity: Entity): string {
  const words = [
    entity.component,
    `"${entity.name}"`,
    entity.deviceClass === null ? '' : `<${entity.deviceClass}>`,
    entity.category === null ? '' : `[${entity.category}]`,
    entity.online === null ? '' : entity.online ? 'online' : 'offline',
    entity.pending === null ? '' : '(pending)',
  ]
  const set = entity.commands.find(({ name }) => name === 'set')
  const takes = set === undefined ? '' : ` | set ${Object.keys(set.parameters).join(' ')}`
  const values = [...entity.values.values()].map(valueLine).join(', ')
  return `  = - ${words.filter(Boolean).join(' ')}: ${values}${takes}`
}

function deviceLines(device: Device | Candidate, isAll: boolean): string[] {
  const facts = [device.manufacturer, device.model, device.software].map(fact => fact ?? '-').join(', ')
  return [
    `  = ${device.name} (${facts}) ${device.identifiers.join(' ')}`,
    ...device.entities.filter(({ category }) => isAll || category !== 'diagnostic').map(entityLine),
    ...('unsupported' in device ? device.unsupported : []).map(
      ({ component, name }) => `  = - not yet: ${component} "${name ?? ''}"`,
    ),
  ]
}

function show({ registry }: House, isAll: boolean): string[] {
  const lines = [...registry.devices(), ...registry.candidates()].flatMap(device => deviceLines(device, isAll))
  const faults = registry.faults().map(({ topic, message }) => `  = fault on ${topic}: ${message}`)
  return lines.length + faults.length === 0 ? ['  = nothing'] : [...lines, ...faults]
}

/** Splits at the first blanks: `parts` words, the last one to the end of the line. */
function words(line: string, parts: number): string[] {
  const found: string[] = []
  let rest = line
  while (found.length < parts - 1) {
    const at = rest.indexOf(' ')
    if (at < 0) break
    found.push(rest.slice(0, at))
    rest = rest.slice(at + 1)
  }
  return [...found, rest]
}

async function command(house: House, line: string): Promise<string[]> {
  const { registry } = house
  await house.adoptAll()
  const [target, name, json = '{}'] = words(line, 3)
  const [deviceSlug, entitySlug] = target!.split('.')
  const entities = registry.device(deviceSlug!)?.entities ?? []
  const entity =
    entitySlug === undefined
      ? entities.find(({ commands }) => commands.length > 0)
      : entities.find(({ slug }) => slug === entitySlug)
  if (entity === undefined) {
    const known = registry.entities().map(each => `${each.device.slug}.${each.slug}`)
    throw new Error(`no entity ${target}; there are ${known.join(' ')}`)
  }
  const cause = { id: 'c', parent: null, kind: 'user', who: 'olga', depth: 0, byRule: false } as const
  try {
    registry.command(entity.id, { command: name!, values: JSON.parse(json) }, cause)
    return []
  } catch (error) {
    if (!(error instanceof HobError)) throw error
    return [`  -> ${error.code}: ${error.message}`]
  }
}

/** How commands stand whose state changed since the last call. */
function commandStates({ events }: House): string[] {
  const last = new Map<string, string>()
  for (const change of events.splice(0).flatMap(({ changes }) => changes)) {
    if (change.kind !== 'command') continue
    const { id, command: name, state, reason } = change.command
    last.set(id, `  -> ${name} ${state}${reason === null ? '' : `: ${reason}`}`)
  }
  return [...last.values()]
}

function outputs(house: House, from: number): string[] {
  const published = house.takePublished().map(({ topic, payload, qos, retain }) => {
    const marks = `${qos > 0 ? ` (QoS ${qos})` : ''}${retain ? ' (retained)' : ''}`
    return `  < ${topic} ${payload}${marks}`.trimEnd()
  })
  return [...published, ...house.log.slice(from).map(text => `  log: ${text}`)]
}

/** Plays the inputs of a transcript. @returns the transcript with what really came out. */
export async function playTranscript(text: string): Promise<string> {
  const house = await createHouse()
  house.takePublished()
  const lines: string[] = []
  for (const line of text.split('\n')) {
    if (!INPUT.test(line)) {
      if (!line.startsWith('  ')) lines.push(line)
      continue
    }
    lines.push(line)
    const logged = house.log.length
    const [verb, rest = ''] = words(line, 2)
    const [topic, payload] = words(rest, 2)
    let result: string[] = []
    if (verb === '>') house.tell(topic!, payload)
    else if (verb === '>hex') house.tell(topic!, Uint8Array.from(Buffer.from(payload!, 'hex')))
    else if (verb === 'wait') house.clock.advance(Number(rest) * 1000)
    else if (verb === 'show') result = show(house, rest === 'all')
    else result = await command(house, rest)
    lines.push(...outputs(house, logged), ...result, ...commandStates(house))
  }
  house.registry.close()
  return lines.join('\n')
}

/** The transcripts of one file, each under a heading `## what it shows`. */
export function splitTranscripts(file: string): { readonly title: string; readonly text: string }[] {
  return file
    .split(/^## /m)
    .slice(1)
    .map(part => {
      const [title, ...rest] = part.split('\n')
      return { title: title!, text: rest.join('\n').trim() }
    })
}

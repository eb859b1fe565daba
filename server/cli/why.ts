import { HobError } from '#kernel'
import type { ActivityJson, CauseLinkJson, EntityJson } from '#api'
import { withHub, type Ask } from './hub-request.ts'
import { word, type Verb } from './verb.ts'

const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** A link of a chain of causes in words. */
export function causeWords({ kind, name, run, value, to }: CauseLinkJson): string {
  switch (kind) {
    case 'rule':
      return `rule ${name}, run ${run}`
    case 'change':
      return `${name}: ${value} became ${said(to)}`
    case 'device':
      return `${name} itself`
    case 'token':
      return `a token of ${name}`
    case 'pass':
      return `guest pass ${name}`
    case 'client':
      return `MQTT client ${name}`
    case 'message':
      return `a message on ${name}`
    case 'schedule':
      return 'the clock'
    case 'hub':
      return 'the hub itself'
    case 'user':
      return `${name}`
  }
}

/** What happened, in words. */
export function deedWords({ what, entity, device }: Pick<ActivityJson, 'what' | 'entity' | 'device'>): string {
  const name = (entity ?? device)?.name ?? ''
  switch (what.kind) {
    case 'change':
      return `${name}: ${what.value} became ${said(what.to)}${what.unit === null ? '' : ` ${what.unit}`}`
    case 'online':
      return `${name} ${what.to ? 'is there again' : 'is gone'}`
    case 'command':
      return `${name}: ${what.command} ${what.state}: ${what.reason}`
    case 'run':
      return `rule ${what.name} ran: ${what.state}`
    case 'device':
      return `${name} was ${what.change}`
  }
}

const nameOf = ({ device, slug }: EntityJson) => `${device.slug}.${slug}`

/** By id, `device.entity`, or `device` when one of its entities is what it is for. @throws HobError `devices.unknown_entity`. */
async function find(ask: Ask, wanted: string): Promise<EntityJson> {
  const { items } = (await ask('GET', '/entities')) as { items: EntityJson[] }
  const named = items.find(each => each.id === wanted || nameOf(each) === wanted)
  const own = items.filter(({ device }) => device.slug === wanted)
  if (named !== undefined) return named
  const main = own.filter(({ category }) => category === null)
  if (main.length === 1) return main[0]!
  const what = own.length === 0 ? `there is no entity "${wanted}"` : `say which: ${own.map(nameOf).join(', ')}`
  throw new HobError('devices.unknown_entity', what)
}

/** `hob why`: what happened last to an entity, and the chain of causes. */
export const why: Verb = {
  name: 'why',
  forms: ['ENTITY [--json]'],
  summary: 'what changed an entity (device, device.entity or id) last, and who was behind it',
  words: 1,
  flags: {},
  run: call =>
    withHub(call, async ask => {
      const entity = await find(ask, word(call, 0, 'ENTITY'))
      const query = `entity=${encodeURIComponent(entity.id)}&kinds=change,command`
      let cursor: string | null = ''
      let last: ActivityJson | undefined
      while (last === undefined && cursor !== null) {
        const from = cursor === '' ? '' : `&cursor=${cursor}`
        const page = (await ask('GET', `/activity?${query}&limit=1${from}`)) as {
          items: ActivityJson[]
          next: string | null
        }
        last = page.items[0]
        cursor = page.next
      }
      if (call.json) call.print(JSON.stringify(last ?? null))
      else if (last === undefined) call.print(`nothing is kept of what changed ${nameOf(entity)}`)
      else {
        call.print(`${deedWords(last)}, ${last.at}${last.count > 1 ? `, ${last.count} times since ${last.first}` : ''}`)
        for (const link of last.cause) call.print(`  <- ${causeWords(link)}`)
      }
      return 0
    }),
}

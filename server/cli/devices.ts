import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Capture } from '#devices'
import { HobError, isHobError, isJsonObject, parseJson, type Json } from '#kernel'
import { withHub, type Ask } from './hub-request.ts'
import { text, UsageError, word, type Call, type Verb } from './verb.ts'

interface CandidateSummary {
  id: string
  name: string
  model: string | null
}

async function candidates(ask: Ask): Promise<CandidateSummary[]> {
  const { candidates: found } = (await ask('GET', '/pairing')) as { candidates: CandidateSummary[] }
  return found
}

function pick(found: readonly CandidateSummary[], wanted: string): CandidateSummary {
  const hits = found.filter(each => each.id === wanted || each.name === wanted)
  if (hits.length === 1) return hits[0]!
  const list = found.map(each => `  ${each.id}  ${each.name}`).join('\n')
  const what =
    hits.length === 0
      ? `there is no candidate "${wanted}"`
      : `${hits.length} candidates are named "${wanted}", take the id`
  throw new HobError('devices.unknown_candidate', `${what}${list === '' ? '' : `. Candidates:\n${list}`}`)
}

interface Adopted {
  slug: string
  name: string
}

async function adoptOne(call: Call, ask: Ask, candidate: CandidateSummary): Promise<Adopted> {
  const name = text(call, 'name')
  const area = text(call, 'area')
  const allowWithoutPassword = call.flags['allow-without-password'] === true
  const device = (await ask('POST', `/pairing/candidates/${encodeURIComponent(candidate.id)}/adopt`, {
    ...(name === undefined ? {} : { name }),
    ...(area === undefined ? {} : { area }),
    ...(allowWithoutPassword ? { allowWithoutPassword } : {}),
  })) as Adopted
  if (!call.json) call.print(`${device.slug}  ${device.name}`)
  return device
}

/** One after the other, looking anew each time: with the first device of a gateway the others change hands. */
async function adoptAll(call: Call, ask: Ask): Promise<number> {
  const adopted: Adopted[] = []
  const refused = new Set<string>()
  for (;;) {
    const next = (await candidates(ask)).find(({ id }) => !refused.has(id))
    if (next === undefined) {
      if (call.json) call.print(JSON.stringify(adopted))
      else if (adopted.length + refused.size === 0) call.complain('there is no candidate')
      return refused.size === 0 ? 0 : 1
    }
    try {
      adopted.push(await adoptOne(call, ask, next))
    } catch (error) {
      if (!isHobError(error)) throw error
      refused.add(next.id)
      call.complain(`hob: ${error.message}`)
    }
  }
}

/** `hob adopt`: candidates become devices. */
export const adopt: Verb = {
  name: 'adopt',
  forms: ['CANDIDATE [--name NAME] [--area AREA]', '--all'],
  summary: 'make a candidate (id or name) a device',
  words: 1,
  flags: {
    name: { type: 'string', value: 'NAME', help: 'what people call it; else its own name' },
    area: { type: 'string', value: 'AREA', help: 'slug of the room it is in' },
    'allow-without-password': {
      type: 'boolean',
      help: 'take a device that shows none; its client id is all it is known by',
    },
    all: { type: 'boolean', help: 'adopt every candidate under its own name' },
  },
  run: call =>
    withHub(call, async ask => {
      if (call.flags['all'] === true) {
        if (call.words.length > 0 || text(call, 'name') !== undefined)
          throw new UsageError('--all takes neither a candidate nor --name')
        return await adoptAll(call, ask)
      }
      const device = await adoptOne(call, ask, pick(await candidates(ask), word(call, 0, 'CANDIDATE')))
      if (call.json) call.print(JSON.stringify(device))
      return 0
    }),
}

/** `hob forget`: the way back. */
export const forget: Verb = {
  name: 'forget',
  forms: ['DEVICE'],
  summary: 'remove a device (slug or id), its bindings and its announcements',
  words: 1,
  flags: {},
  async run(call) {
    const device = word(call, 0, 'DEVICE')
    await withHub(call, ask => ask('DELETE', `/devices/${encodeURIComponent(device)}`))
    call.print(call.json ? JSON.stringify({ forgotten: device }) : `${device} is forgotten`)
    return 0
  },
}

function captures(path: string): Capture[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return []
    const value = parseJson(line)
    if (!isJsonObject(value) || typeof value['topic'] !== 'string') {
      throw new HobError(
        'cli.bad_capture',
        `${basename(path)}:${i + 1} is not a captured message: a JSON object with "topic" and "payload"`,
      )
    }
    return [value as { topic: string; payload: Json }]
  })
}

/** `hob replay`: captured messages through the dialects. */
export const replay: Verb = {
  name: 'replay',
  forms: ['FILE.ndjson... [--device HINT] [--json]'],
  summary: 'what the dialects make of captured messages; no network, nothing stored',
  words: Infinity,
  flags: { device: { type: 'string', value: 'HINT', help: 'only messages with this device_hint' } },
  async run(call) {
    if (call.words.length === 0) throw new UsageError('FILE.ndjson is missing')
    const hint = text(call, 'device')
    const messages = call.words.flatMap(captures).filter(each => hint === undefined || each.device_hint === hint)
    const { replayCaptures } = await import('#devices')
    const report = await replayCaptures(messages)
    if (call.json) {
      call.print(JSON.stringify(report))
      return report.faults.length === 0 ? 0 : 1
    }
    for (const device of report.devices) {
      call.print(`${device.name} (${[device.manufacturer, device.model].filter(Boolean).join(' ') || device.dialect})`)
      for (const entity of device.entities) call.print(`  ${entity.component.padEnd(14)} ${entity.name}`)
    }
    call.print(
      `${report.devices.length} devices, ${report.unrecognised.length} topics not recognised, ${report.faults.length} faults`,
    )
    for (const { topic, message } of report.faults) call.complain(`${topic}: ${message}`)
    return report.faults.length === 0 ? 0 : 1
  },
}

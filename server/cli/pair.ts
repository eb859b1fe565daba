import { setTimeout as pause } from 'node:timers/promises'
import type { KnockJson, PairingJson } from '#api'
import { withRunningHub, type Ask } from './hub-request.ts'
import { stopOnSignal } from './start.ts'
import { integer, type Call, type Verb } from './verb.ts'

/** Milliseconds between two looks. */
const LOOK_EVERY = 500

const REASONS: Readonly<Record<KnockJson['reason'], string>> = {
  no_login: 'without user name and password',
  wrong_password: 'the password is wrong',
  unknown_user: 'the user name is unknown',
  used_twice: 'another connection uses this login',
  too_many: 'too many tries, or too many at once',
  revoked: 'this login was taken away',
}

/** What is heard, each with a name by which it is printed once. */
function linesOf({ candidates, guests, knocks, faults }: PairingJson): Map<string, { text: string; facts: object }> {
  const lines = new Map<string, { text: string; facts: object }>()
  for (const guest of guests) {
    const { id, clientId, address } = guest
    lines.set(id, { text: `let in     ${clientId} from ${address}`, facts: { guest } })
  }
  for (const candidate of candidates) {
    const { id, name, manufacturer, model, entities } = candidate
    const kind = [manufacturer, model].filter(Boolean).join(' ')
    const what = `${name}${kind === '' ? '' : ` (${kind})`}, ${entities.length} entities`
    lines.set(id, { text: `announced  ${what}: hob adopt ${id}`, facts: { candidate } })
  }
  for (const knock of knocks) {
    const { id, username, address, reason } = knock
    const who = username === null ? address : `${address} as "${username}"`
    lines.set(id, { text: `refused    ${who}: ${REASONS[reason]}`, facts: { knock } })
  }
  for (const fault of faults)
    lines.set(`${fault.topic} ${fault.message}`, {
      text: `fault      ${fault.topic}: ${fault.message}`,
      facts: { fault },
    })
  return lines
}

/** Prints what is new until the window is closed. */
async function follow(call: Call, ask: Ask): Promise<number> {
  const told = new Set<string>()
  for (;;) {
    const heard = (await ask('GET', '/pairing')) as PairingJson
    for (const [name, { text, facts }] of linesOf(heard)) {
      if (told.has(name)) continue
      told.add(name)
      call.print(call.json ? JSON.stringify(facts) : text)
    }
    if (heard.until === null) return 0
    await pause(LOOK_EVERY)
  }
}

/** `hob pair`: lets new devices in. */
export const pair: Verb = {
  name: 'pair',
  forms: ['[--seconds N] [--batch]'],
  summary: 'let new devices in for a while, and say what is heard',
  flags: {
    seconds: { type: 'string', value: 'N', help: '30 to 900; default 300' },
    batch: { type: 'boolean', help: 'go on after the first device is adopted' },
  },
  run(call) {
    const seconds = integer(call, 'seconds', { min: 30, max: 900 }) ?? 300
    return withRunningHub(call, async ask => {
      // Before the window opens, so that no signal leaves it open.
      const stopped = stopOnSignal(async () => void (await ask('DELETE', '/pairing')))
      await ask('POST', '/pairing', { seconds, batch: call.flags['batch'] === true })
      call.complain(`new devices are let in for ${seconds} s; Ctrl-C ends it`)
      return Promise.race([follow(call, ask), stopped])
    })
  },
}

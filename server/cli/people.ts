import { HobError } from '#kernel'
import { withHub, withNewHub } from './hub-request.ts'
import { readStandardInput } from './passphrase.ts'
import { text, texts, UsageError, word, type Call, type Verb } from './verb.ts'

const ROLES = ['owner', 'admin', 'user', 'guest']

async function passwordFromStdin(call: Call): Promise<string> {
  if (call.flags['password-stdin'] !== true)
    throw new UsageError('say --password-stdin and give the password on standard input')
  return readStandardInput()
}

/** `hob user`: accounts of people. */
export const user: Verb = {
  name: 'user',
  forms: [
    'add NAME --role owner|admin|user|guest --password-stdin',
    'reset NAME --password-stdin',
    'totp-off NAME',
    'list',
  ],
  summary: "people's accounts",
  words: 2,
  flags: {
    role: { type: 'string', value: 'ROLE', help: 'owner, admin, user or guest' },
    'password-stdin': { type: 'boolean', help: 'read the password from standard input' },
  },
  async run(call) {
    const action = word(call, 0, 'add, reset, totp-off or list')
    if (action === 'list') return listUsers(call)
    const name = word(call, 1, 'NAME')
    if (action === 'add') {
      const role = text(call, 'role')
      if (role === undefined || !ROLES.includes(role)) throw new UsageError(`--role is one of ${ROLES.join(', ')}`)
      const password = await passwordFromStdin(call)
      const made = await withNewHub(call, ask => ask('POST', '/users', { name, role, password }))
      call.print(call.json ? JSON.stringify(made) : `user ${name} is there, as ${role}`)
      return 0
    }
    if (action === 'totp-off') {
      await withHub(call, ask => ask('DELETE', `/users/${encodeURIComponent(name)}/totp`))
      call.print(call.json ? JSON.stringify({ name }) : `user ${name} signs in with the password alone`)
      return 0
    }
    if (action !== 'reset') throw new UsageError(`there is no "hob user ${action}"`)
    const password = await passwordFromStdin(call)
    await withHub(call, ask => ask('PUT', `/users/${encodeURIComponent(name)}/password`, { password }))
    call.print(call.json ? JSON.stringify({ name }) : `user ${name} has a new password`)
    return 0
  },
}

async function listUsers(call: Call): Promise<number> {
  const { items } = (await withHub(call, ask => ask('GET', '/users'))) as { items: { name: string; role: string }[] }
  if (call.json) call.print(JSON.stringify(items))
  else for (const { name, role } of items) call.print(`${role.padEnd(6)} ${name}`)
  return 0
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `30d` from now, as the API takes it. */
function expiry(given: string | undefined, now: number): { expiresAt?: string } {
  if (given === undefined) return {}
  const match = /^(\d{1,5})([hdw])$/.exec(given)
  if (match === null) throw new UsageError(`--expires takes hours, days or weeks like 12h, 30d or 4w, not "${given}"`)
  return { expiresAt: new Date(now + Number(match[1]) * UNITS[match[2]!]!).toISOString() }
}

/** `hob token`: API tokens. */
export const token: Verb = {
  name: 'token',
  forms: ['create --user NAME --scopes admin,control,read,rules [--areas A,B] [--expires 30d]'],
  summary: 'API tokens; the new one is printed once, alone on a line',
  words: 1,
  flags: {
    user: { type: 'string', value: 'NAME', help: 'whose token it is' },
    scopes: { type: 'string', value: 'LIST', help: 'what it may do: admin, control, read, rules' },
    areas: { type: 'string', value: 'LIST', help: 'areas it is limited to' },
    expires: { type: 'string', value: 'TIME', help: 'when it ends: 12h, 30d, 4w; never unless given' },
  },
  async run(call) {
    if (word(call, 0, 'create') !== 'create') throw new UsageError(`there is no "hob token ${call.words[0]}"`)
    const owner = text(call, 'user')
    const scopes = text(call, 'scopes')
    if (owner === undefined || scopes === undefined) throw new UsageError('--user and --scopes are needed')
    const areas = text(call, 'areas')
    const body = {
      user: owner,
      scopes: scopes.split(','),
      ...(areas === undefined ? {} : { areas: areas.split(',') }),
      ...expiry(text(call, 'expires'), Date.now()),
    }
    const made = (await withHub(call, ask => ask('POST', '/tokens', body))) as { token: string }
    call.print(call.json ? JSON.stringify(made) : made.token)
    return 0
  },
}

/** `hob client`: MQTT credentials of software. */
export const client: Verb = {
  name: 'client',
  forms: ['add NAME [--publish FILTER]... [--subscribe FILTER]... [--full]'],
  summary: 'MQTT credentials for software; the password is shown once',
  words: 2,
  flags: {
    publish: { type: 'string', multiple: true, value: 'FILTER', help: 'topics it may publish to' },
    subscribe: { type: 'string', multiple: true, value: 'FILTER', help: 'topics it may receive' },
    full: { type: 'boolean', help: 'all topics but $SYS' },
  },
  async run(call) {
    if (word(call, 0, 'add') !== 'add') throw new UsageError(`there is no "hob client ${call.words[0]}"`)
    const body = {
      name: word(call, 1, 'NAME'),
      publish: texts(call, 'publish'),
      subscribe: texts(call, 'subscribe'),
      full: call.flags['full'] === true,
    }
    if (!body.full && body.publish.length + body.subscribe.length === 0) {
      throw new UsageError('it could do nothing: give --publish, --subscribe or --full')
    }
    const made = await withNewHub(call, ask => ask('POST', '/mqtt/credentials', body))
    if (typeof made !== 'object' || made === null) throw new HobError('cli.bad_answer', 'the hub gave no credential')
    const { username, password } = made as { username: string; password: string }
    call.print(call.json ? JSON.stringify({ username, password }) : `username ${username}\npassword ${password}`)
    return 0
  },
}

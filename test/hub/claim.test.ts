import { afterEach, describe, expect, it } from 'vitest'
import { eventually, hob, startHub, temporaryFolder, type HubProcess } from '../support/hub-process.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task()
})

async function start(data: string): Promise<HubProcess> {
  const hub = await startHub(data)
  cleanUp.push(hub.kill)
  return hub
}

function freshFolder(): string {
  const folder = temporaryFolder()
  cleanUp.push(folder.remove)
  return folder.path
}

/** The links a hub printed, from its log on stderr. */
function linksIn(log: string): URL[] {
  const lines = log.split('\n').filter(line => line.includes('/claim#'))
  return lines.map(line => new URL((JSON.parse(line) as { link: string }).link))
}

async function linkOf(hub: HubProcess): Promise<URL> {
  const links = await eventually(
    async () => linksIn(hub.log()),
    found => found.length > 0,
  )
  return links[0]!
}

const ask = (hub: HubProcess, path: string, init: { body?: object; cookie?: string } = {}) =>
  fetch(`${hub.http}/api/v1${path}`, {
    method: init.body === undefined ? 'GET' : 'POST',
    headers: {
      origin: hub.http,
      'content-type': 'application/json',
      ...(init.cookie === undefined ? {} : { cookie: init.cookie }),
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  })

async function claimWith(hub: HubProcess, link: URL, name = 'anna') {
  const code = link.hash.slice(1)
  const response = await ask(hub, '/claim', { body: { code, name, password: 'correct horse' } })
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? ''
  return { status: response.status, body: (await response.json()) as Record<string, unknown>, cookie }
}

const userOf = async (hub: HubProcess, cookie: string) =>
  ((await (await ask(hub, '/session', { cookie })).json()) as { user: { name: string } | null }).user?.name

describe('a hub without an owner', () => {
  it('prints a claim link at each start, a new one each time, until it is used', async () => {
    const data = freshFolder()
    const first = await start(data)
    const old = await linkOf(first)
    expect(old.href).toMatch(new RegExp(`^${first.http}/claim#[0-9A-HJKMNP-TV-Z]{26}$`))
    await first.kill()

    const second = await start(data)
    const link = await linkOf(second)
    expect((await claimWith(second, old)).status).toBe(401)
    const { status, body, cookie } = await claimWith(second, link)
    expect(status).toBe(201)
    expect(body).toMatchObject({ claimed: true, user: { name: 'anna', role: 'owner' } })
    expect(body['recoveryCode']).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(await userOf(second, cookie)).toBe('anna')
    expect((await claimWith(second, link, 'eve')).body).toMatchObject({ status: 409, code: 'access.already_claimed' })
    await second.kill()

    const third = await start(data)
    expect(linksIn(third.log())).toEqual([])
    expect(await userOf(third, cookie)).toBe('anna')
    expect(third.log()).not.toContain(link.hash)
  })

  it('gives a fresh link to "hob claim", alone on a line, and none when there is an owner', async () => {
    const data = freshFolder()
    const claim = (...flags: string[]) => hob(['claim', '--data', data, ...flags])
    expect(claim()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `hob: no hub runs on ${data}; start it first: hob start\n`,
    })

    const hub = await start(data)
    const printed = await linkOf(hub)
    const json = JSON.parse(claim('--json').stdout) as { path: string; url: string; expiresAt: null }
    expect(json).toMatchObject({ url: `${hub.http}${json.path}`, expiresAt: null })
    const { code, stdout } = claim()
    expect(code).toBe(0)
    expect(stdout).toMatch(/^http:\/\/\S+\/claim#\w{26}\n$/)
    for (const dead of [printed, new URL(json.url)]) expect((await claimWith(hub, dead)).status).toBe(401)
    expect((await claimWith(hub, new URL(stdout.trim()))).status).toBe(201)
    expect(claim()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'hob: this hub has an owner already; sign in instead\n',
    })
  })
})

describe('two hubs on one host', () => {
  it('keep their sign-ins apart in a browser, which sends the cookies of both to each', async () => {
    const hubs = [await start(freshFolder()), await start(freshFolder())]
    const cookies = await Promise.all(
      hubs.map(async (hub, n) => (await claimWith(hub, await linkOf(hub), `owner${n}`)).cookie),
    )
    expect(new Set(cookies.map(cookie => cookie.split('=')[0])).size).toBe(2)
    const jar = cookies.join('; ')
    expect(await Promise.all(hubs.map(hub => userOf(hub, jar)))).toEqual(['owner0', 'owner1'])
  })
})

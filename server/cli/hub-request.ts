import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { HobError, isHobError, systemClock } from '#kernel'
import { LOCAL_SOCKET, version } from '../paths.ts'
import type { Call } from './verb.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** Asks the hub's API as its owner. @throws HobError with the problem's code when the answer is one. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>

function send(
  socketPath: string,
  { method, path, body }: { method: string; path: string; body: unknown },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers =
      text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const outgoing = request({ socketPath, method, path: `/api/v1${path}`, headers }, response => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const answer = Buffer.concat(parts).toString()
        resolve({ status: response.statusCode ?? 500, body: answer === '' ? undefined : JSON.parse(answer) })
      })
      response.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(text)
  })
}

/** Whether a hub has ever been started, or prepared, on the data folder. */
export function holdsHub(data: string): boolean {
  return existsSync(join(data, 'hub.db'))
}

/** Whether a restore was interrupted when all that was left to do is what the next start does. */
async function isRestored(data: string): Promise<boolean> {
  const { isSwapPending } = await import('../system/index.ts')
  return isSwapPending(data)
}

/** Asks the hub behind a local socket. */
export function askThrough(socketPath: string): Ask {
  return async (method, path, body) => {
    const answer = await send(socketPath, { method, path, body })
    if (answer.status < 400) return answer.body
    const { code, detail, ...facts } = answer.body as { code: string; detail: string }
    throw new HobError(code, detail, facts)
  }
}

function isNobodyThere(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ECONNREFUSED'
}

async function answers(ask: Ask): Promise<boolean> {
  try {
    await ask('GET', '/settings')
    return true
  } catch (error) {
    if (isNobodyThere(error)) return false
    throw error
  }
}

/** Runs `use` against the hub that runs on the data folder. @throws HobError `cli.not_running`. */
export async function withRunningHub<T>(call: Call, use: (ask: Ask) => Promise<T>): Promise<T> {
  try {
    return await use(askThrough(join(call.data, LOCAL_SOCKET)))
  } catch (error) {
    if (!isNobodyThere(error)) throw error
    throw new HobError('cli.not_running', `no hub runs on ${call.data}; start it first: hob start`)
  }
}

/**
 * Runs `use` against the hub of the data folder: the running one through its socket, else one that is opened
 * for this call alone and serves nobody else.
 * @throws HobError `cli.no_hub` when the folder holds none, so that a mistyped folder makes no second one.
 */
export async function withHub<T>(call: Call, use: (ask: Ask) => Promise<T>): Promise<T> {
  if (holdsHub(call.data) || (await isRestored(call.data))) return withNewHub(call, use)
  throw new HobError('cli.no_hub', `there is no hub in ${call.data}; hob start makes one`)
}

/** As `withHub`, and a folder without a hub gets one: for what prepares a house before its first start. */
export async function withNewHub<T>(call: Call, use: (ask: Ask) => Promise<T>): Promise<T> {
  const socketPath = join(call.data, LOCAL_SOCKET)
  const ask = askThrough(socketPath)
  if (existsSync(socketPath) && (await answers(ask))) return use(ask)
  const [{ loadConfig }, { createHub }, { createLog }] = await Promise.all([
    import('../config.ts'),
    import('../hub.ts'),
    import('../log.ts'),
  ])
  // It listens on the socket in the folder alone, so it needs no certificate.
  const flags = { log_level: 'error', mqtts_port: 0 }
  const config = loadConfig({ data: call.data, env: process.env, flags })
  const hub = await createHub({
    config,
    clock: systemClock,
    log: createLog(config.logLevel),
    version,
    webFolder: null,
    onFatal: error => {
      call.complain(`hob: ${error.message}`)
      process.exit(1)
    },
  }).catch((error: unknown) => {
    if (isHobError(error, 'storage.in_use'))
      throw new HobError('storage.in_use', 'a hub that does not answer holds the data folder', {}, error)
    throw error
  })
  try {
    return await use(ask)
  } finally {
    await hub.close()
  }
}

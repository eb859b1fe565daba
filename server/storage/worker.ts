import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { HobError } from '#kernel'
import type { DatabaseKind } from './database.ts'
import { createExecutor, createReader } from './executor.ts'

export interface WorkerStart {
  readonly folder: string
  readonly kind: DatabaseKind
  readonly role: 'writer' | 'reader'
}

export type Request =
  | { readonly type: 'run'; readonly id: number; readonly ops: readonly { readonly op: string }[] }
  | { readonly type: 'query'; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly type: 'close'; readonly id: number }

export type Reply =
  | { readonly type: 'done'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: { code: string | null; message: string } }

/** One database connection behind a thread, or in this one for tests. Calls are answered in order. */
export interface Connection {
  run(ops: readonly { readonly op: string }[]): Promise<unknown[]>
  query(name: string, argument?: unknown): Promise<unknown>
  close(): Promise<void>
}

/** What a thread's requests leave behind at once; V8 would let this grow to 48 MiB in each. */
const YOUNG_MEBIBYTES = 3

// Beside this file when run from source, one file of the bundle else.
function workerFile(): URL {
  const source = new URL('./worker-main.ts', import.meta.url)
  return existsSync(fileURLToPath(source)) ? source : new URL('./storage-worker.js', import.meta.url)
}

function toError({ code, message }: { code: string | null; message: string }): Error {
  return code !== null && code.startsWith('storage.')
    ? new HobError(code, message)
    : Object.assign(new Error(message), { code })
}

/**
 * Opens a database in a thread of its own.
 * @throws HobError `storage.newer_schema`, `storage.damaged`, `storage.cannot_open`.
 */
export async function openConnection(start: WorkerStart): Promise<Connection> {
  const worker = new Worker(workerFile(), {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEBIBYTES },
  })
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  let failure: Error | undefined
  const failAll = (error: Error) => {
    failure ??= error
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  }
  worker.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.id)
    waiting.delete(reply.id)
    if (reply.type === 'done') asked?.resolve(reply.result)
    else asked?.reject(toError(reply.error))
  })
  worker.on('error', failAll)
  worker.on('exit', () => failAll(new Error(`the ${start.kind} database's thread ended`)))
  const wait = (id: number) =>
    new Promise<unknown>((resolve, reject) => {
      if (failure !== undefined) reject(failure)
      else waiting.set(id, { resolve, reject })
    })
  const ask = (
    request:
      | Omit<Extract<Request, { type: 'run' }>, 'id'>
      | Omit<Extract<Request, { type: 'query' }>, 'id'>
      | { type: 'close' },
  ) => {
    const id = ++last
    const answered = wait(id)
    worker.postMessage({ ...request, id })
    return answered
  }
  await wait(0)
  return {
    run: ops => ask({ type: 'run', ops }) as Promise<unknown[]>,
    query: (name, argument) => ask({ type: 'query', name, argument }),
    async close() {
      await ask({ type: 'close' })
    },
  }
}

/** The same in this thread: for what keeps nothing, for work that nothing waits behind, and for tests of other parts. */
export function openInline({
  folder,
  kind,
  role,
}: Omit<WorkerStart, 'folder'> & { folder: string | null }): Connection {
  const executor = role === 'reader' && folder !== null ? createReader(folder, kind) : createExecutor(folder, kind)
  return {
    run: async ops => executor.run(structuredClone(ops)),
    query: async (name, argument) => executor.query(name, argument),
    close: async () => executor.close(),
  }
}

import { parentPort, workerData } from 'node:worker_threads'
import { HobError } from '#kernel'
import { createExecutor, createReader, type Executor } from './executor.ts'
import type { Reply, Request, WorkerStart } from './worker.ts'

// The thread that owns one database connection. It answers every request in the order it came.

const { folder, kind, role } = workerData as WorkerStart
const port = parentPort!
const reply = (message: Reply) => port.postMessage(message)

function failure(error: unknown): Extract<Reply, { type: 'failed' }>['error'] {
  if (error instanceof HobError) return { code: error.code, message: error.message }
  const { code, message } = error as { code?: string; message?: string }
  return { code: code ?? null, message: message ?? String(error) }
}

function answer(executor: Executor, request: Request): void {
  try {
    switch (request.type) {
      case 'run':
        reply({ type: 'done', id: request.id, result: executor.run(request.ops) })
        break
      case 'query':
        reply({ type: 'done', id: request.id, result: executor.query(request.name, request.argument) })
        break
      case 'close':
        executor.close()
        reply({ type: 'done', id: request.id, result: null })
        port.close()
    }
  } catch (error) {
    reply({ type: 'failed', id: request.id, error: failure(error) })
    if (request.type === 'close') port.close()
  }
}

try {
  const executor = role === 'writer' ? createExecutor(folder, kind) : createReader(folder, kind)
  port.on('message', (request: Request) => answer(executor, request))
  reply({ type: 'done', id: 0, result: null })
} catch (error) {
  reply({ type: 'failed', id: 0, error: failure(error) })
  port.close()
}

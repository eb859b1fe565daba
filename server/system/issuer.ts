import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Issued, IssueRequest } from './issue.ts'

// Beside this file when run from source, one file of the bundle else.
function workerFile(): URL {
  const source = new URL('./issue-main.ts', import.meta.url)
  return existsSync(fileURLToPath(source)) ? source : new URL('./certificate-worker.js', import.meta.url)
}

/** Makes certificates in a thread that ends when they are made. */
export async function issueInThread(request: IssueRequest): Promise<Issued> {
  const [issued] = (await once(new Worker(workerFile(), { workerData: request }), 'message')) as [Issued]
  return issued
}

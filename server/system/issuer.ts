import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { HobError } from '#kernel'
import type { Issued, IssueRequest } from './issue.ts'

// Beside this file when run from source, one file of the bundle else.
function program(): string {
  const source = fileURLToPath(new URL('./issue-main.ts', import.meta.url))
  return existsSync(source) ? source : fileURLToPath(new URL('./certificates.js', import.meta.url))
}

/**
 * Makes certificates in a process that ends when they are made.
 * @throws HobError `certificates.not_made`
 */
export async function issueInProcess(request: IssueRequest): Promise<Issued> {
  const child = spawn(process.execPath, [program()], { stdio: ['pipe', 'pipe', 'pipe'] })
  // It may end before it has read everything; its exit code tells.
  child.stdin.on('error', () => {}).end(JSON.stringify(request))
  const [[code], printed, complained] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ])
  if (code === 0) return JSON.parse(printed) as Issued
  throw new HobError('certificates.not_made', `certificates could not be made: ${complained.trim()}`, { code })
}

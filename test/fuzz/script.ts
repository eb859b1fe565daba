// What several clients do to a broker, one step after the other. As text, a line each:
//   0 opens 101000...     client 0 connects anew and sends bytes
//   0 sends c000          it sends more, if it is still connected
//   0 drops, 0 stalls, 0 reads
//   wait 1500             milliseconds pass
//   turn                  the broker finishes its turn

import { levelOf, toBytes } from '../broker/support/notation.ts'
import type { Version } from '../../server/broker/codec/index.ts'

export const CLIENTS = 4
/** Seconds: the broker looks at its connections once in each. */
const MAX_WAIT = 200

export type Step =
  | { readonly kind: 'opens' | 'sends'; readonly client: number; readonly bytes: Buffer }
  | { readonly kind: 'drops' | 'stalls' | 'reads'; readonly client: number }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'turn' }

export function scriptText(steps: readonly Step[]): string {
  const lines = steps.map(step => {
    if (step.kind === 'turn') return step.kind
    if (step.kind === 'wait') return `wait ${step.milliseconds}`
    const text = `${step.client} ${step.kind}`
    return 'bytes' in step ? `${text} ${step.bytes.toString('hex')}` : text
  })
  return lines.join('\n')
}

export function parseScript(text: string): Step[] {
  return text
    .trim()
    .split('\n')
    .map(line => line.trim().split(' '))
    .map(([first = '', second = '', third = '']): Step => {
      if (first === 'turn') return { kind: 'turn' }
      if (first === 'wait') return { kind: 'wait', milliseconds: Number(second) }
      const client = Number(first)
      if (second === 'opens' || second === 'sends') return { kind: second, client, bytes: Buffer.from(third, 'hex') }
      return { kind: second as 'drops', client }
    })
}

/** The clients' part of a scene of the stage, at most CLIENTS of them. */
export function sceneScript(lines: string): Step[] {
  const clients = new Map<string, { client: number; version: Version; isSilent: boolean }>()
  return lines.split('\n').flatMap((line): Step[] => {
    const [, name = '', arrow = '', text = ''] = /^ *(\w+)(>| ) *(.*)$/.exec(line) ?? []
    if (name === 'wait') return [{ kind: 'wait', milliseconds: Math.min(Number(text), MAX_WAIT) * 1_000 }]
    if (name === '' || name === 'hub' || name === 'counts') return []
    const known = clients.get(name)
    if (text === 'drops' || text === 'stalls' || text === 'reads') return [{ kind: text, client: known!.client }]
    const client = known?.client ?? clients.size % CLIENTS
    const isOpening = text === 'opens'
    if (!isOpening && arrow !== '>') return []
    const isConnect = /^connect\b/.test(text)
    const version = isConnect ? levelOf(text) : (known?.version ?? 4)
    clients.set(name, { client, version, isSilent: isOpening })
    const bytes = isOpening ? Buffer.alloc(0) : Buffer.concat(text.split(';').map(each => toBytes(each, name, version)))
    const opens = isOpening || (isConnect && !known?.isSilent)
    return [{ kind: opens ? 'opens' : 'sends', client, bytes }, { kind: 'turn' }]
  })
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Version } from '../../server/broker/codec/index.ts'
import { wireCases } from '../broker/codec/wire-cases.ts'
import { wire } from '../broker/codec/wire.ts'

/** Bytes that one side of a connection sends. */
export interface Input {
  /** Null: nothing was said before, so they begin with a CONNECT. */
  readonly version: Version | null
  readonly from: 'client' | 'server'
  readonly bytes: Buffer
}

/** An input as a line of corpus.txt: level (`-` for none), sender, bytes in hex. */
export function inputText({ version, from, bytes }: Input): string {
  return `${version ?? '-'} ${from} ${bytes.toString('hex')}`
}

function parseLine(line: string): Input & { readonly outcome: string } {
  const [level = '', from = '', hex = '', outcome = ''] = line.split(' ')
  const version = level === '-' ? null : (Number(level) as Version)
  return { version, from: from === 'server' ? 'server' : 'client', bytes: Buffer.from(hex, 'hex'), outcome }
}

/** The lines of corpus.txt, each with its outcome: `ok` or the code of a fault. */
export const corpus = readFileSync(join(import.meta.dirname, 'corpus.txt'), 'utf8')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(parseLine)

/** Legal packets, one each. */
export const legal: readonly Input[] = wireCases.map(({ version, from, wire: text, packet }) => ({
  version: packet.type === 'connect' ? null : version,
  from,
  bytes: wire(text),
}))

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { playTranscript, splitTranscripts } from '../support/transcript.ts'

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.transcript'))
  .toSorted()

describe.each(files)('%s', name => {
  const transcripts = splitTranscripts(readFileSync(join(import.meta.dirname, name), 'utf8'))
  it.each(transcripts)('$title', async ({ text }) => {
    expect(await playTranscript(text)).toBe(text)
  })
})

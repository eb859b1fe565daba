import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

const LINE = '\n=====\n'

export interface Golden {
  readonly name: string
  readonly input: string
  /** Compares what came out with what stands below the line; `HOB_GOLDEN=write` writes it there instead. */
  expect(output: string): void
}

/** The files of a folder: what goes in, a line of `=====`, what comes out. */
export function goldenFiles(folder: URL): readonly Golden[] {
  return readdirSync(folder)
    .toSorted()
    .map(file => {
      const path = new URL(file, folder)
      const [input = '', output = ''] = readFileSync(path, 'utf8').split(LINE)
      return {
        name: file.replace(/\.txt$/, ''),
        input,
        expect(found) {
          if (process.env['HOB_GOLDEN'] === 'write') writeFileSync(path, `${input}${LINE}${found}\n`)
          else expect(found).toBe(output.trimEnd())
        },
      }
    })
}

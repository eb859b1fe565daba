import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One file of the project: `path` is relative to the root with forward slashes. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** What a check found: which file, which line (0: the file as a whole), which rule, and what to do. */
export interface Finding {
  readonly path: string
  readonly line: number
  readonly says: string
}

const FOLDERS = ['server', 'devices', 'rules', 'web', 'test']
const ASIDE = new Set(['node_modules', 'dist', 'migrations', '.svelte-check'])

/** Every source file, Svelte component and README under the five folders. */
export function listSources(root: string): Source[] {
  return FOLDERS.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.(ts|mjs|svelte|md)$/.test(entry.name))
      .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
      .filter(path => !path.split('/').some(part => ASIDE.has(part)))
      .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  )
}

/** The code of a file: a Svelte component's scripts with everything else blanked, so that lines stay the same. */
export function codeOf({ path, text }: Source): string {
  if (!path.endsWith('.svelte')) return text
  const blank = (part: string) => part.replaceAll(/[^\n]/g, ' ')
  let code = ''
  let end = 0
  for (const script of text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)) {
    const start = script.index + script[0].indexOf('>') + 1
    const body = script[1] ?? ''
    code += blank(text.slice(end, start)) + body
    end = start + body.length
  }
  return code + blank(text.slice(end))
}

export const isCode = ({ path }: Source) => !path.endsWith('.md')

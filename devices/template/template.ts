import type { Json } from '#kernel'
import { pathOf } from '#expression'
import { evaluate, type Scope } from './evaluate.ts'
import { bounded } from './filters.ts'
import { parseTemplateText, TemplateError, type Part } from './parse.ts'
import { fromJsonText, pyText, pyTruth, RenderFault, type Py } from './python.ts'

/** Names for one rendering. `value` is the payload's text; `value_json` is made from it when the template asks. */
export type TemplateNames = Readonly<Record<string, Json | undefined>>

/** The trimmed text, or why the message is to be ignored. */
export type Rendered = { readonly text: string } | { readonly ignored: string }

export interface Template {
  readonly source: string
  /** Never throws: what fails makes the message ignored for this entity. */
  render(names: TemplateNames): Rendered
}

/** The template cannot be used: its entity is shown as "template not supported". */
export interface TemplateFault {
  readonly source: string
  readonly fault: string
}

/** Templates that are kept; a hub with 2,000 devices uses a few hundred different ones. */
const CACHE_SIZE = 2_000
const cache = new Map<string, Template | TemplateFault>()

/** Compiles a firmware's template, once for each distinct text. A text without `{{` and `{%` is itself. */
export function compileTemplate(source: string): Template | TemplateFault {
  const known = cache.get(source)
  if (known !== undefined) return known
  const made = make(source)
  if (cache.size >= CACHE_SIZE) cache.clear()
  cache.set(source, made)
  return made
}

function make(source: string): Template | TemplateFault {
  try {
    const parts = parseTemplateText(source)
    const run = pathTemplate(parts) ?? ((scope: Scope) => renderParts(parts, scope))
    return { source, render: names => renderWith(run, names) }
  } catch (error) {
    if (error instanceof TemplateError) return { source, fault: error.message }
    throw error
  }
}

function renderWith(run: (scope: Scope) => string, names: TemplateNames): Rendered {
  try {
    return { text: run({ names: namesOf(names), steps: 0 }).trim() }
  } catch (error) {
    if (error instanceof RenderFault) return { ignored: error.message }
    throw error
  }
}

// JSON numbers keep whether they were written as floats, so `value_json` is read from the text.
function namesOf(names: TemplateNames): Map<string, Py> {
  const map = new Map<string, Py>()
  for (const [name, value] of Object.entries(names)) if (value !== undefined) map.set(name, value)
  const { value } = names
  if (typeof value === 'string' && names['value_json'] === undefined) {
    const json = fromJsonText(value)
    if (json !== undefined) map.set('value_json', json)
  }
  return map
}

// Over half of all templates are one path: {{ value_json.sensor.temp }}.
function pathTemplate(parts: readonly Part[]): ((scope: Scope) => string) | null {
  const [only] = parts
  if (parts.length !== 1 || only?.kind !== 'output' || pathOf(only.ast) === null) return null
  const { ast } = only
  return scope => bounded(pyText(evaluate(ast, scope)))
}

function renderParts(parts: readonly Part[], scope: Scope): string {
  let text = ''
  for (const part of parts) {
    switch (part.kind) {
      case 'text':
        text += part.text
        break
      case 'output':
        text += pyText(evaluate(part.ast, scope))
        break
      case 'set':
        scope.names.set(part.name, evaluate(part.ast, scope))
        break
      case 'if': {
        const branch = part.branches.find(({ test }) => test === null || pyTruth(evaluate(test, scope)))
        if (branch !== undefined) text += renderParts(branch.body, scope)
      }
    }
    bounded(text)
  }
  return text
}

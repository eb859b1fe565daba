import type { Json } from '#kernel'
import { pathOf } from '#expression'
import { evaluate, type Scope } from './evaluate.ts'
import { bounded } from './filters.ts'
import { parseTemplateText, TemplateError, type Part } from './parse.ts'
import { fromJsonText, pyText, pyTruth, RenderFault, type Py } from './python.ts'

/** Names for one rendering; what is undefined is not defined in the template. */
export type TemplateNames = Readonly<Record<string, Json | TemplateJson | undefined>>

/** A JSON value as templates see it: whether a number was written as a float is kept. */
export type TemplateJson = Exclude<Py, symbol>

/** Reads a payload for `value_json`, undefined when it is no JSON. */
export function templateJson(text: string): TemplateJson | undefined {
  return fromJsonText(text) as TemplateJson | undefined
}

/** The trimmed text, or why the message is to be ignored. */
export type Rendered = { readonly text: string } | { readonly ignored: string; readonly isMissing: boolean }

export interface Template {
  readonly source: string
  /**
   * Never throws: what fails makes the message ignored for this entity. `now`: wall-clock milliseconds of `now()`, which
   * is when the message came; left out, a template that asks for the time fails.
   */
  render(names: TemplateNames, now?: number | null): Rendered
}

/** The template cannot be used: its entity is shown as "template not supported". */
export interface TemplateFault {
  readonly source: string
  readonly fault: string
  /** The template is well-formed and asks for what is not here. */
  readonly isUnsupported: boolean
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
    return { source, render: (names, now = null) => renderWith(run, names, now) }
  } catch (error) {
    if (error instanceof TemplateError) return { source, fault: error.message, isUnsupported: error.isUnsupported }
    throw error
  }
}

function renderWith(run: (scope: Scope) => string, names: TemplateNames, now: number | null): Rendered {
  try {
    return { text: run({ names: namesOf(names), now, steps: 0 }).trim() }
  } catch (error) {
    if (error instanceof RenderFault) return { ignored: error.message, isMissing: error.isMissing }
    throw error
  }
}

function namesOf(names: TemplateNames): Map<string, Py> {
  const map = new Map<string, Py>()
  for (const [name, value] of Object.entries(names)) if (value !== undefined) map.set(name, value)
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

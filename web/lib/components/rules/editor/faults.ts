import { StateEffect, StateField, type EditorState, type Extension, type Text } from '@codemirror/state'
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view'
import { mount, unmount } from 'svelte'
import type { FaultJson } from '#api'
import { fixesOf, spanOf, type Fix } from '../../../state/rule-fixes.ts'
import FaultNote from './FaultNote.svelte'

/** Carets of one fault. */
const MAX_CARETS = 120

interface Placed {
  readonly fault: FaultJson
  readonly from: number
  readonly to: number
}

/** Sets the faults of the text as it stands. */
export const setFaults = StateEffect.define<readonly FaultJson[]>()

const notes = new WeakMap<HTMLElement, Record<string, unknown>>()

class Note extends WidgetType {
  readonly fault: FaultJson
  readonly line: string

  constructor(fault: FaultJson, line: string) {
    super()
    this.fault = fault
    this.line = line
  }

  override eq(other: Note): boolean {
    return JSON.stringify(other.fault) === JSON.stringify(this.fault) && other.line === this.line
  }

  override get estimatedHeight(): number {
    return 66
  }

  override toDOM(view: EditorView): HTMLElement {
    const { fault, line } = this
    const target = document.createElement('div')
    target.className = `cm-note ${fault.severity}`
    const gap = line.slice(0, fault.column - 1).replaceAll(/[^\t]/g, ' ')
    const carets = Math.min(MAX_CARETS, Math.max(1, fault.endColumn - fault.column))
    const fixes = fixesOf(fault, view.state.doc.toString())
    // Measured again once its buttons and lines are there.
    notes.set(
      target,
      mount(FaultNote, { target, props: { fault, gap, carets, fixes, onfix: fix => applyFix(view, fix) } }),
    )
    return target
  }

  override destroy(dom: HTMLElement): void {
    const note = notes.get(dom)
    if (note) void unmount(note)
  }

  override ignoreEvent(): boolean {
    return true
  }
}

/** Makes the change of a fix, with the cursor behind it. */
export function applyFix(view: EditorView, { from, to, insert }: Fix): void {
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: 'input.fix' })
  view.focus()
}

function decorate(placed: readonly Placed[], doc: Text): DecorationSet {
  const marks = placed.flatMap(({ fault, from, to }) => {
    const line = doc.lineAt(from)
    const { severity } = fault
    return [
      Decoration.line({ class: `cm-faulty ${severity}` }).range(line.from),
      ...(to > from ? [Decoration.mark({ class: `cm-fault ${severity}` }).range(from, to)] : []),
      Decoration.widget({ widget: new Note(fault, line.text), block: true, side: 1 }).range(line.to),
    ]
  })
  return Decoration.set(marks, true)
}

interface Faults {
  readonly placed: readonly Placed[]
  readonly decorations: DecorationSet
}

const field = StateField.define<Faults>({
  create: () => ({ placed: [], decorations: Decoration.none }),
  update({ placed, decorations }, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setFaults)) continue
      const { doc } = transaction.state
      const text = doc.toString()
      const next = effect.value.map(fault => ({ fault, ...spanOf(fault, text) }))
      return { placed: next, decorations: decorate(next, doc) }
    }
    if (!transaction.docChanged) return { placed, decorations }
    const { changes } = transaction
    const moved = placed.map(({ fault, from, to }) => ({
      fault,
      from: changes.mapPos(from, 1),
      to: changes.mapPos(to, -1),
    }))
    return { placed: moved, decorations: decorations.map(changes) }
  },
  provide: self => EditorView.decorations.from(self, ({ decorations }) => decorations),
})

const placedOf = (state: EditorState) => state.field(field).placed

/** Goes to the fault at an index; false when there is none. */
export function goToFault(view: EditorView, index: number): boolean {
  const found = placedOf(view.state)[index]
  if (!found) return false
  const { from, to } = found
  const effects = EditorView.scrollIntoView(from, { y: 'center', x: 'nearest' })
  view.dispatch({ selection: { anchor: from, head: Math.max(from, to) }, effects })
  view.focus()
  return true
}

/** Goes to the next (1) or former (-1) fault after the cursor, around the end. */
export function stepToFault(view: EditorView, step: 1 | -1): boolean {
  const placed = placedOf(view.state)
  const { from: at } = view.state.selection.main
  const next = step === 1 ? placed.findIndex(({ from }) => from > at) : placed.findLastIndex(({ from }) => from < at)
  return goToFault(view, next >= 0 ? next : step === 1 ? 0 : placed.length - 1)
}

/** Faults under their lines; F8 and Shift-F8 step through them. */
export const faultNotes: Extension = field

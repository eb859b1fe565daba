import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { indentUnit } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import type { CompletionsJson } from '#api'
import { faultNotes, stepToFault } from './faults.ts'
import { ruleLanguage } from './language.ts'

export interface EditorOptions {
  readonly label: string
  /** Id of what tells the keys. */
  readonly describedBy: string
  readonly isReadOnly: boolean
  readonly onChange: (text: string) => void
  readonly onSave: () => void
  /** What may stand at an offset; null when nobody knows. */
  readonly complete: (text: string, offset: number) => Promise<CompletionsJson | null>
}

/** Styles that the editor makes itself carry the nonce of the page, else the hub's policy refuses them. */
const styleNonce = () => document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? ''

const completeWith =
  (complete: EditorOptions['complete']) =>
  async (context: CompletionContext): Promise<CompletionResult | null> => {
    const isAsked = context.explicit || context.matchBefore(/[\w.]$|[:-]\s$/) !== null
    if (!isAsked) return null
    const found = await complete(context.state.doc.toString(), context.pos)
    if (found === null || context.aborted || found.items.length === 0) return null
    const next = context.state.sliceDoc(context.pos, context.pos + 1)
    return {
      from: found.from,
      options: found.items.map(({ label, kind, detail }, index) => ({
        label,
        detail,
        type: kind,
        // The hub puts the best first.
        boost: -index / 100,
        apply: kind === 'key' && next !== ':' ? `${label}: ` : label,
      })),
      validFor: /^\w*$/,
    }
  }

/** All that the editor of rules is made of. */
export function editorExtensions(options: EditorOptions): Extension {
  const { label, describedBy, isReadOnly, onChange, onSave, complete } = options
  const save = () => {
    onSave()
    return true
  }
  return [
    EditorView.cspNonce.of(styleNonce()),
    lineNumbers(),
    history(),
    drawSelection(),
    highlightSpecialChars(),
    highlightActiveLine(),
    EditorState.tabSize.of(2),
    indentUnit.of('  '),
    EditorState.readOnly.of(isReadOnly),
    ruleLanguage,
    faultNotes,
    closeBrackets(),
    autocompletion({ override: [completeWith(complete)], icons: false, maxRenderedOptions: 100 }),
    keymap.of([
      { key: 'Mod-s', run: save, preventDefault: true },
      { key: 'F8', run: view => stepToFault(view, 1), shift: view => stepToFault(view, -1), preventDefault: true },
      { key: 'Tab', run: acceptCompletion },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({
      tabindex: '0',
      'aria-label': label,
      'aria-describedby': describedBy,
      autocapitalize: 'off',
      autocorrect: 'off',
      spellcheck: 'false',
    }),
    EditorView.updateListener.of(update => {
      if (update.docChanged) onChange(update.state.doc.toString())
    }),
  ]
}

import type { Api } from '../route.ts'
import { checkedDraft, completions, ruleDraft, rulePlace } from '../contract.ts'
import type { ApiOptions } from '../ports.ts'

/** Rule texts that are being written: their faults, what they say, and what may stand at the cursor. */
export function ruleDraftRoutes(api: Api, { engine }: Pick<ApiOptions, 'engine'>): void {
  api.post(
    '/rules/check',
    { config: { scope: 'read', house: true }, schema: { body: ruleDraft, response: { 200: checkedDraft } } },
    async request => {
      const { faults, rules } = engine.check(request.body.text, request.body.file)
      return {
        items: [...faults],
        next: null,
        rules: rules.map(({ key, name, sentence }) => ({
          key,
          name,
          sentence: { text: sentence.text, parts: [...sentence.parts] },
        })),
      }
    },
  )

  api.post(
    '/rules/complete',
    { config: { scope: 'read', house: true }, schema: { body: rulePlace, response: { 200: completions } } },
    async request => {
      const { from, to, items } = engine.complete(request.body.text, request.body.offset)
      return { from, to, items: [...items] }
    },
  )
}

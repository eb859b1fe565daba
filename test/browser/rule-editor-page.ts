import type { Page } from 'playwright-core'
import type { CheckedDraftJson, RuleFileJson } from '#api'
import { HALL_HOUSE } from './rule-house.ts'
import { at, fault, HALL, HALL_TEXT, HALL_WORDS, sentence } from './rule-files.ts'
import { openStage } from './stage.ts'
import type { Form } from './view.ts'

/** What the hub finds in a text, as far as these tests go: two names that are misspelt. */
function check(text: string): CheckedDraftJson {
  const lines = text.split('\n')
  const find = (wrong: string, message: string, right: string) =>
    lines.flatMap((line, index) => {
      const column = line.indexOf(wrong) + 1
      if (column === 0) return []
      const suggestion = `did you mean "${right}"?`
      return [fault(index + 1, [column, column + wrong.length], { message, suggestion, replacements: [right] })]
    })
  return {
    items: [
      ...find('iluminance', '"daylight" has no value "iluminance"', 'illuminance'),
      ...find('hall_cieling', 'there is no device "hall_cieling"', 'hall_ceiling'),
    ],
    next: null,
    rules: [{ key: null, name: /^name: (.*)/m.exec(text)?.[1] ?? 'draft', sentence: sentence(HALL_WORDS) }],
  }
}

const versionOf = (version: number, text: string) => ({
  version,
  text,
  changedAt: at(-60 * (8 - version)),
  cause: { id: `v${version}`, parent: null, kind: 'user', who: 'anna', depth: 0 },
})

/** The editor of rules, and a hub that has the rule of the hall. */
export function openRuleEditorStage() {
  let saved: RuleFileJson
  const stage = openStage(hub => {
    hub.entities = [...HALL_HOUSE]
    serve(HALL)
    hub.on('POST /rules/check', body => ({ status: 200, body: check((body as { text: string }).text) }))
    hub.on('POST /rules/complete', () => ({ status: 200, body: { from: 0, to: 0, items: [] } }))
  })
  /** The hub has this file, and takes what is saved over it. */
  function serve(file: RuleFileJson) {
    saved = file
    const path = `/rules/${file.slug}`
    stage.hub.on(`GET ${path}`, () => ({ status: 200, body: saved }))
    stage.hub.on(`PUT ${path}`, body => {
      saved = { ...saved, text: (body as { text: string }).text, version: saved.version + 1 }
      return { status: 200, body: saved }
    })
    stage.hub.on(`DELETE ${path}`, () => ({ status: 204, body: undefined }))
    stage.hub.on(`GET ${path}/versions`, () => ({
      status: 200,
      body: { items: [versionOf(5, HALL_TEXT.replace('60%', '40%')), versionOf(6, HALL_TEXT)], next: null },
    }))
    stage.hub.on(`GET ${path}/runs`, () => ({ status: 200, body: { items: HALL.rules[0]!.openRuns, next: null } }))
    stage.hub.on(`GET ${path}/misses`, () => ({ status: 200, body: { items: [], next: null } }))
    stage.hub.on('GET /rules', () => ({ status: 200, body: { items: [saved], next: null } }))
  }

  return {
    stage,
    serve,
    /** What the hub has now. */
    saved: () => saved,
    async openEditor(form?: Form, path = '/rules/hall_light') {
      const view = await stage.open(path, form)
      await editor(view.page).waitFor()
      return view
    },
    put: () => stage.hub.calls.filter(({ what }) => what.startsWith('PUT')),
  }
}

export const editor = (page: Page) => page.getByRole('textbox', { name: 'Rule text' })
export const textIn = (page: Page) =>
  page
    .locator('.cm-line')
    .evaluateAll(lines => lines.map(each => (each as unknown as { textContent: string }).textContent).join('\n'))
/** Types behind the end of what stands in the editor. */
export async function append(page: Page, text: string) {
  await editor(page).click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(text)
}
/** The rule of the hall with two names misspelt. */
export const BAD = HALL_TEXT.replace('illuminance', 'iluminance').replace(
  'turn_off: hall_ceiling',
  'turn_off: hall_cieling',
)

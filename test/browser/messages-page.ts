import type { Page } from 'playwright-core'
import { openStage } from './stage.ts'
import { heading, type Form } from './view.ts'

export const row = (page: Page, name: string | RegExp) => page.getByRole('treeitem', { name }).first()

/** The page of topics and messages. */
export function openMessagesStage() {
  const stage = openStage()
  const pathOf = (query: Record<string, string>) => `/messages?${new URLSearchParams(query).toString()}`
  return {
    stage,
    addressOf: (query: Record<string, string>) => stage.hub.url + pathOf(query),
    async open(query: Record<string, string> = {}, form?: Form) {
      const view = await stage.open(pathOf(query), form)
      await heading(view.page, 'Messages')
      return view
    },
    /** The topics that the page asked for, request by request. */
    asked: () => stage.hub.frames.flatMap(frame => (frame.type === 'subscribe' ? [frame.topics ?? []] : [])),
  }
}

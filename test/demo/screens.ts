import type { Page } from 'playwright-core'
import type { Demo } from './demo.ts'

/** A screen that is pictured. */
export interface Screen {
  readonly name: string
  /** Its address, or how to find it. */
  readonly path: string | ((demo: Demo) => Promise<string>)
  /** Resolves when it shows what it is for. */
  ready(page: Page): Promise<unknown>
}

const heading = (page: Page) => page.locator('main h1').waitFor()

/** Every screen, in the order of the navigation. */
export const screens: readonly Screen[] = [
  { name: 'home', path: '/', ready: page => page.locator('main li.pane').nth(20).waitFor() },
  { name: 'devices', path: '/devices', ready: heading },
  { name: 'rules', path: '/rules', ready: heading },
]

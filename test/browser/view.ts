import type { Browser, BrowserContext, Page } from 'playwright-core'
import { mkdirSync } from 'node:fs'
import { collectErrors, findBarriers } from './chromium.ts'

/** The four forms in which every screen is looked at. */
export const FORMS = (['phone', 'desk'] as const).flatMap(size =>
  (['light', 'dark'] as const).map(theme => ({ size, theme })),
)
export type Form = (typeof FORMS)[number]

/**
 * The forms in which each screen is checked: both sizes and both themes, one of each. HOB_FORMS=all, as `npm run test:long`
 * sets it, checks every size in every theme, which takes twice as long.
 */
export const MATRIX: readonly Form[] = process.env['HOB_FORMS'] === 'all' ? FORMS : [FORMS[0]!, FORMS[3]!]

const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } }

/** The moment in which tests look at the house: Thursday 22 January 2026, 18:04 in Berlin. */
export const NOW = Date.parse('2026-01-22T17:04:00Z')

export interface View {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page said is wrong so far. */
  readonly errors: string[]
}

/** A page at an address, in one form, that opens at `NOW`. */
export async function openView(browser: Browser, url: string, form: Form = FORMS[2]!): Promise<View> {
  const context = await browser.newContext({
    viewport: SIZES[form.size],
    colorScheme: form.theme,
    hasTouch: form.size === 'phone',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const errors = collectErrors(page)
  await page.clock.install({ time: NOW })
  await page.goto(url)
  return { page, context, errors }
}

/**
 * What is wrong with the page as it stands: barriers (axe), a sideways scroll, console errors. With HOB_SHOTS it is also
 * written there as a picture.
 */
export async function findFaults({ page, errors }: View, name: string): Promise<string[]> {
  const shots = process.env['HOB_SHOTS']
  if (shots !== undefined) {
    mkdirSync(shots, { recursive: true })
    await page.screenshot({ path: `${shots}/${name}.png` })
  }
  const width = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  return [...(width > 0 ? [`scrolls ${width} px sideways`] : []), ...(await findBarriers(page)), ...errors]
}

export const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
